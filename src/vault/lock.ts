import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { StartRefusal } from "../config/refusal.ts";
import { isAlive } from "../runtime/is-alive.ts";

/**
 * Runs work while no other process writes: the hub and a command may both want to. The file names
 * its holder, so that one whose holder died does not lock everybody out.
 * @throws StartRefusal when another process holds it; writing takes milliseconds, so it is rare.
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
  try {
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
    return;
  } catch (error) {
    const holder = Number(readFileSync(path, "utf8"));
    if (holder !== process.pid && isAlive(holder)) {
      throw new StartRefusal(
        `process ${holder} is writing to ${path.replace(/\.lock$/, "")}: try again`,
        error,
      );
    }
  }
  rmSync(path, { force: true });
  writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
}
