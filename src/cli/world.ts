import type { Writable } from "node:stream";
import type { Environment } from "../config/env.ts";

/** What the command line stands on; tests hand in their own. */
export interface World {
  readonly environment: Environment;
  /**
   * Runs the hub in this process until it stops, and returns its exit code. Handed in, since the
   * hub's entry stands above the command line and may not be imported from here.
   */
  startHub(environment: Environment): Promise<number>;
  /** Writes a line of the answer. */
  print(line: string): void;
  /** Writes a line that is not part of the answer. */
  complain(line: string): void;
  /** Asks for a value that nobody else may see. */
  readSecret(question: string): Promise<string>;
  /** The same for a value that cannot be looked up later: a slip of the finger must be noticed. */
  readNewSecret(question: string): Promise<string>;
  /** Where an answer goes that is no line but a file. */
  output(): Writable;
  /** Resolves once the user wants a command to end that runs until then. */
  untilStopped(): Promise<void>;
}
