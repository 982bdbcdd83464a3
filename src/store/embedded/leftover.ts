import { readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { StartRefusal } from "../../config/refusal.ts";
import type { Clock } from "../../runtime/clock.ts";
import { isAlive } from "../../runtime/is-alive.ts";

const POLL_MS = 20;

/** A fast stop writes a checkpoint first; on a slow disk that takes seconds. */
const STOP_LIMIT_MS = 30_000;

/** The note that a running server keeps in its cluster. */
export interface ServerNote {
  readonly pid: number;
  /** Folder of its socket. */
  readonly socketDir: string;
  /** True once it takes connections. */
  readonly ready: boolean;
}

/** Reads the note; undefined when there is none. */
export function readNote(cluster: string): ServerNote | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  return {
    pid: Number(lines[0]),
    socketDir: lines[4]?.trim() ?? "",
    ready: lines[7]?.trim() === "ready",
  };
}

/** The embedded server that runs in a data folder, whoever started it; undefined when none does. */
export function runningServer(dataDir: string): { readonly socketDir: string } | undefined {
  const note = readNote(join(dataDir, "postgres", "cluster"));
  if (note === undefined || !note.ready || !isAlive(note.pid)) return undefined;
  return { socketDir: note.socketDir };
}

/**
 * Ends what is left of an earlier server: one that outlived its hub, as it happens when its keeper
 * was killed as well, or the workers of one that was killed, which may still be writing. Then takes
 * its notes away, since in a container another process may have got its id.
 * Call it only while holding the folder's lock.
 * @throws StartRefusal when something of it does not end.
 */
export async function endLeftover(cluster: string, socketDir: string, clock: Clock): Promise<void> {
  const note = readNote(cluster);
  if (note === undefined || process.platform !== "linux") return; // elsewhere PostgreSQL judges alone
  const until = clock.monotonicMs() + STOP_LIMIT_MS;
  let left = serverProcesses(cluster);
  if (left.includes(note.pid)) interrupt(note.pid);
  while (left.length > 0) {
    if (clock.monotonicMs() > until) {
      throw new StartRefusal(
        `an older PostgreSQL (process ${left.join(", ")}) on ${cluster} does not end`,
      );
    }
    await clock.sleep(POLL_MS);
    left = serverProcesses(cluster);
  }
  for (const path of [join(cluster, "postmaster.pid"), join(socketDir, ".s.PGSQL.5432.lock")]) {
    rmSync(path, { force: true });
  }
}

/** It may end by itself in this very moment. */
function interrupt(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch (thrown) {
    const isGone = thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH";
    if (!isGone) throw thrown;
  }
}

/** The server and its workers all work in the cluster; their ids alone would prove nothing. */
function serverProcesses(cluster: string): readonly number[] {
  const ids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return ids.filter((id) => {
    try {
      const name = readFileSync(`/proc/${id}/comm`, "utf8").trim();
      return name === "postgres" && readlinkSync(`/proc/${id}/cwd`) === cluster;
    } catch {
      return false; // gone meanwhile, or somebody else's
    }
  });
}
