import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { StartRefusal } from "../config/refusal.ts";
import { machineClock } from "../runtime/clock.ts";
import { isAlive } from "../runtime/is-alive.ts";

/** Writing takes milliseconds: whoever holds a lock for longer has left it behind. */
const STALE_MS = 10_000;
const TRIES = 40;
const PAUSE_MS = 5;

/**
 * Runs work while no other process writes: the hub and a command may both want to. The file names
 * its holder, so that one whose holder died does not lock everybody out.
 * @throws StartRefusal when another process holds it for long.
 */
export function exclusively<T>(path: string, work: () => T): T {
  take(path);
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = holderOf(path);
      if (holder === undefined) continue; // given back a moment ago
      if (holder === "nobody") removeStale(path);
      else if (tries >= TRIES) {
        throw new StartRefusal(
          `process ${holder} is writing to ${path.replace(/\.lock$/, "")} and does not end: try again, or remove ${path}`,
          error,
        );
      } else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** Who holds it; `nobody` when its holder died, or has left it behind; undefined when it is free. */
function holderOf(path: string): number | "nobody" | undefined {
  try {
    const holder = Number(readFileSync(path, "utf8"));
    const ageMs = machineClock.nowMs() - statSync(path).mtimeMs;
    const isHeld = holder > 0 && isAlive(holder) && holder !== process.pid;
    return isHeld && ageMs < STALE_MS ? holder : freshOrNobody(holder, ageMs);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A file that was made this very moment may not hold its holder's number yet. */
function freshOrNobody(holder: number, ageMs: number): number | "nobody" {
  return holder === 0 && ageMs < STALE_MS ? holder : "nobody";
}

/** Takes it away under a name of its own first: only one of those who try gets it. */
function removeStale(path: string): void {
  const own = `${path}.${process.pid}`;
  try {
    renameSync(path, own);
    rmSync(own, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
