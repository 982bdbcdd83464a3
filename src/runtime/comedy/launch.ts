import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { childEnv } from "./child-env.ts";
import type { ComedyFork, ComedySystem } from "./internals.ts";

const workerPath = createRequire(import.meta.url).resolve("comedy/lib/forked-actor-worker.js");

/** Where the child's output goes: stdout is for the hub's own one line. */
const STDERR = 2;

/**
 * Starts the process of a forked actor, in place of comedy's own way, which hands on the whole
 * environment and the inspector's flags.
 * Resolves once the child's host takes messages.
 */
export async function launchWorker(
  system: ComedySystem,
  fork: ComedyFork,
  host: string,
  onLaunched: (worker: ChildProcess) => void,
): Promise<void> {
  const worker = startProcess();
  fork.workerProcess = worker;
  onLaunched(worker);
  const config = { mode: "forked", ...fork.additionalOptions };
  const order = await system.generateActorCreationMessage(host, fork, config);
  await new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code, signal) => reject(new Error(describeExit(code, signal))));
    worker.once("message", (reply: { type?: string; error?: string }) => {
      if (reply.type !== "actor-created") {
        reject(new Error(reply.error ?? "the child did not create its actor"));
        return;
      }
      fork._setBus(worker);
      resolve();
    });
    worker.send(order, (error) => {
      if (error !== null) reject(error);
    });
  });
}

function startProcess(): ChildProcess {
  // oxlint-disable-next-line eslint/no-restricted-properties -- only to take harmless names out of it
  const env = childEnv(process.env);
  const worker = fork(workerPath, [], {
    env,
    execArgv: [],
    stdio: ["ignore", STDERR, STDERR, "ipc"],
  });
  // Without a listener a failed kill or send would be an uncaught exception here.
  worker.on("error", () => {});
  return worker;
}

export function describeExit(code: number | null, signal: string | null): string {
  return signal === null ? `process exited with code ${code}` : `process was ended by ${signal}`;
}
