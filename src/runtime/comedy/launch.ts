import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compiledUrl } from "../compiled.ts";
import { childEnv } from "./child-env.ts";
import { childCommand } from "./command.ts";
import type { ComedyFork, ComedySystem } from "./internals.ts";

const childPath = fileURLToPath(compiledUrl("./child.ts", import.meta.url));

/** Where the child's output goes: stdout is for the hub's own one line. */
const STDERR = 2;

/** What a child process is to run. */
export interface HostPlan {
  /** The host's compiled module, as comedy spells it. */
  readonly definition: string;
  /** Beyond it, the process ends for lack of memory. */
  readonly heapMb: number;
}

/**
 * Starts the process of a forked actor, in place of comedy's own way, which hands on the whole
 * environment and the inspector's flags.
 * Resolves once the child's host takes messages.
 */
export async function launchWorker(
  system: ComedySystem,
  fork: ComedyFork,
  host: HostPlan,
  onLaunched: (worker: ChildProcess) => void,
): Promise<void> {
  const worker = startProcess(host.heapMb);
  fork.workerProcess = worker;
  onLaunched(worker);
  const config = { mode: "forked", ...fork.additionalOptions };
  const order = await system.generateActorCreationMessage(host.definition, fork, config);
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

function startProcess(heapMb: number): ChildProcess {
  // oxlint-disable-next-line eslint/no-restricted-properties -- only to take harmless names out of it
  const env = childEnv(process.env);
  const worker = fork(childPath, [String(process.pid)], {
    env,
    ...childCommand(heapMb),
    stdio: ["ignore", STDERR, STDERR, "ipc"],
  });
  // Without a listener a failed kill or send would be an uncaught exception here.
  worker.on("error", () => {});
  return worker;
}

export function describeExit(code: number | null, signal: string | null): string {
  return signal === null ? `process exited with code ${code}` : `process was ended by ${signal}`;
}
