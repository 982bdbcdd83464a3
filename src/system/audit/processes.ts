import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Cancel } from "../../runtime/clock.ts";
import type { Site } from "./site.ts";

const LOOK_EVERY_MS = 200;

/**
 * Notes the arguments of a process and of all it starts, and the environment of those it starts: its
 * own came from whoever started it. Runs until it is cancelled.
 */
export function watchProcesses(site: Site, pid: number): Cancel {
  if (!existsSync("/proc/self/environ")) {
    site.skip("arguments and environments of processes: this system has no /proc");
    return () => undefined;
  }
  const seen = new Set<string>();
  let cancel: Cancel = () => undefined;
  const look = (): void => {
    const own = readProc(pid, "cmdline");
    note(site, seen, "arguments", pid, own);
    for (const one of descendants(pid)) {
      const given = readProc(one, "cmdline");
      // Forked and not yet become a program of its own: it still shows what its parent has.
      if (given.equals(own)) continue;
      note(site, seen, "arguments", one, given);
      note(site, seen, "environment", one, readProc(one, "environ"));
    }
    cancel = site.clock.after(LOOK_EVERY_MS, look);
  };
  look();
  return () => cancel();
}

/** A process changes both when it becomes another program, so all that was ever there counts. */
function note(
  site: Site,
  seen: Set<string>,
  channel: "arguments" | "environment",
  pid: number,
  bytes: Buffer,
): void {
  const key = `${pid} ${channel} ${bytes.toString("latin1")}`;
  if (bytes.length === 0 || seen.has(key)) return;
  seen.add(key);
  const name = readProc(pid, "comm").toString().trim();
  // Kept apart from what was seen of it before.
  site.see(channel, `${name} ${pid}`, Buffer.concat([bytes, Buffer.from("\n")]));
}

/** Everybody below a process, however deep. */
function descendants(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // The name of the program, in parentheses, may hold anything.
    const [, parent] = /\) \S (\d+)/.exec(readProc(Number(name), "stat").toString()) ?? [];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const below = (of: number): number[] =>
    [...parents].filter(([, parent]) => parent === of).flatMap(([one]) => [one, ...below(one)]);
  return below(pid);
}

/** Empty for a process that is gone, or that we may not look at. */
function readProc(pid: number, file: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch {
    return Buffer.alloc(0);
  }
}
