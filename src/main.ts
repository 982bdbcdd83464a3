import type { Environment } from "./config/env.ts";
import { loadSettings } from "./config/load.ts";
import { FailureError, messageOf } from "./runtime/errors.ts";
import { onStopSignals } from "./runtime/signals.ts";
import { Redactor } from "./system/redactor.ts";
import { type Hub, startHub } from "./system.ts";

/** Stopped on request. */
const STOPPED = 0;
/** Refused to start; one line on stderr says why. */
const REFUSED = 1;
/** The actor tree gave up, or something happened that nobody foresaw: start the process again. */
const FAILED = 70;

/**
 * Runs a hub until it is asked to stop, and answers the exit code of the process.
 * Prints one line on stdout once it listens; everything else goes to stderr.
 */
export async function runHub(environment: Environment): Promise<number> {
  const redactor = new Redactor();
  for (const secret of environment.secrets.values()) redactor.add(secret);
  let stopSignal = "";
  let onStop: (() => void) | undefined;
  const asked = new Promise<"asked">((resolve) => (onStop = () => resolve("asked")));
  const letGo = onStopSignals((signal) => {
    stopSignal = signal;
    onStop?.();
  });
  try {
    const starting = startHub(loadSettings(environment).settings, environment, redactor);
    const hub = await starting;
    process.stdout.write(`listening on ${hub.url}\n`);
    const reason = await Promise.race([asked, hub.escalated, unforeseen(hub)]);
    const isAsked = reason === "asked";
    if (isAsked) hub.log.info(`stopping on ${stopSignal}`);
    else hub.log.fatal(`giving up: ${reason}`);
    await hub.stop(reason);
    if (isAsked) hub.log.info("stopped");
    return isAsked ? STOPPED : FAILED;
  } catch (error) {
    const known = error instanceof FailureError;
    const trace = !known && error instanceof Error ? `${error.stack ?? ""}\n` : "";
    process.stderr.write(redactor.redact(`${messageOf(error)}\n${trace}`));
    return known ? REFUSED : FAILED;
  } finally {
    letGo();
  }
}

/** The top of "let it crash": what no actor caught ends the process, after an orderly stop. */
function unforeseen(hub: Hub): Promise<string> {
  return new Promise((resolve) => {
    const onError = (kind: string) => (err: unknown) => {
      hub.log.fatal({ err }, `${kind}: ${messageOf(err)}`);
      resolve(`${kind}: ${messageOf(err)}`);
    };
    process.on("uncaughtException", onError("an exception nobody caught"));
    process.on("unhandledRejection", onError("a rejection nobody handled"));
  });
}
