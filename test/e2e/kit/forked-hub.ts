import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageRoot } from "../../../src/system/package-root.ts";
import { type ApiNode, allActors } from "./api.ts";
import { HubProcess, until } from "./hub-process.ts";

/** What can befall a harvester's process, and the signal that brings it about. */
export const FAULTS = {
  "kill -9": "SIGKILL",
  "a stop of the whole process": "SIGSTOP",
  "a loop that never yields": "SIGUSR2",
  "a leak of memory": "SIGWINCH",
} as const satisfies Record<string, NodeJS.Signals>;

export type Fault = keyof typeof FAULTS;

export interface Recovery {
  /** From the fault until its successor is up; of a leak, from the end of the process, ms. */
  readonly tookMs: number;
  /** The longest that the hub took meanwhile to say how its actors are, ms. */
  readonly slowestAnswerMs: number;
}

/** The two faults that no signal of the system stands for are handed to the process as it starts. */
const PRELOADED = pathToFileURL(join(packageRoot, "test/fixtures/runtime/faulty-forks.mjs")).href;
const LIMIT_MS = 60_000;

/** A hub with its harvester in a process of its own, which can be made to go wrong. */
export function startForkedHub(
  dataDir: string,
  settings: Readonly<Record<string, string>>,
): Promise<HubProcess> {
  return HubProcess.start(dataDir, {
    ...settings,
    HUB_FORK_HARVESTERS: "true",
    NODE_OPTIONS: `--import=${PRELOADED}`,
  });
}

export async function harvesterOf(hub: HubProcess): Promise<ApiNode> {
  const actors = await allActors(hub);
  const found = actors.find(({ id }) => id.endsWith("harvester:binance"));
  if (found === undefined) throw new Error("the hub has no harvester");
  return found;
}

/** Brings a fault upon the harvester, and waits until another process stands in its place. */
export async function inflict(hub: HubProcess, fault: Fault): Promise<Recovery> {
  const { pid } = await harvesterOf(hub);
  if (pid === undefined) throw new Error("the harvester has no process of its own");
  process.kill(pid, FAULTS[fault]);
  if (fault === "a leak of memory") await until(() => !isAlive(pid), LIMIT_MS, "the end of memory");
  const sinceMs = performance.now();
  let slowestAnswerMs = 0;
  await until(
    async () => {
      const askedMs = performance.now();
      const now = await harvesterOf(hub);
      slowestAnswerMs = Math.max(slowestAnswerMs, performance.now() - askedMs);
      return now.state === "up" && now.pid !== undefined && now.pid !== pid;
    },
    LIMIT_MS,
    "another process",
  );
  return { tookMs: performance.now() - sinceMs, slowestAnswerMs };
}

/** Whether there is such a process, even if it is stopped. */
export function isAlive(pid: number): boolean {
  return processes().has(pid);
}

/** All processes below one. */
export function descendants(of: number): readonly number[] {
  const parents = processes();
  const below = (pid: number): number[] =>
    [...parents].filter(([, parent]) => parent === pid).flatMap(([one]) => [one, ...below(one)]);
  return below(of);
}

/** Memory that a process holds, MB; undefined when there is no such process. */
export function residentMb(pid: number): number | undefined {
  const { status, stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], {
    encoding: "utf8",
  });
  return status === 0 ? Number(stdout.trim()) / 1_024 : undefined;
}

/** Each process that has not ended, and its parent. */
function processes(): ReadonlyMap<number, number> {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,stat="], { encoding: "utf8" }).split("\n");
  return new Map(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , state]) => state !== undefined && !state.startsWith("Z"))
      .map(([pid, parent]) => [Number(pid), Number(parent)]),
  );
}
