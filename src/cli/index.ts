import { CommanderError } from "commander";
import { FailureError } from "../runtime/errors.ts";
import { onStopSignals } from "../runtime/signals.ts";
import { buildProgram } from "./program.ts";
import { readNewSecret, readSecret } from "./read-secret.ts";
import { CliRefusal } from "./refusal.ts";
import { openSession } from "./session.ts";
import type { World } from "./world.ts";

/** What the launcher must hand in; the rest is the terminal. */
type Given = Pick<World, "environment" | "startHub"> & Partial<World>;

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

/**
 * Carries out one command line, without the program's name. Returns the exit code: 0 done,
 * 1 refused with one line on stderr, 2 for a command line that makes no sense.
 */
export async function runCli(argv: readonly string[], given: Given): Promise<number> {
  const world: World = {
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
    readSecret,
    readNewSecret,
    output: () => process.stdout,
    untilStopped: () =>
      new Promise((resolve) => {
        const letGo = onStopSignals(() => {
          letGo();
          resolve();
        });
      }),
    ...given,
  };
  let exitCode = 0;
  const program = buildProgram(openSession(world), (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has already said what is wrong, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    if (!(error instanceof CliRefusal || error instanceof FailureError)) throw error;
    world.complain(error.message);
    return EXIT_REFUSED;
  }
}
