import type { Cancel } from "./clock.ts";

/** What a shell expects of a process that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

/**
 * Calls back once at the first SIGINT or SIGTERM, for an orderly stop. A second SIGINT ends the
 * process at once. SIGUSR1 is taken too, since Node would answer it by opening its inspector.
 * Returns the way to let go of the signals.
 */
export function onStopSignals(
  handler: (signal: "SIGINT" | "SIGTERM") => void | Promise<void>,
): Cancel {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      // Only an impatient person forces the end; a service manager repeating SIGTERM waits.
      if (signal === "SIGINT") process.exit(EXIT_INTERRUPTED);
      return;
    }
    isStopping = true;
    void handler(signal === "SIGINT" ? "SIGINT" : "SIGTERM");
  };
  const ignore = (): void => {};
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.on("SIGUSR1", ignore);
  return () => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
    process.off("SIGUSR1", ignore);
  };
}
