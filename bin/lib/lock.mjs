import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_AGAIN_MS = 200;
/** No install or build takes this long: whoever held the lock is gone, whatever its process id says. */
const OLDEST_LOCK_MS = 15 * 60_000;

/** Runs work while holding a lock file, so that two starts at once do not both build. */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  let hasTold = false;
  while (!take(path)) {
    if (isAbandoned(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!hasTold) process.stderr.write("another start is preparing the hub, waiting for it\n");
    hasTold = true;
    await sleep(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Says whether the process that took a lock has died without giving it back. */
function isAbandoned(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (Date.now() - stat.mtimeMs > OLDEST_LOCK_MS) return true;
  const holder = Number(readFileSync(path, "utf8"));
  // Empty for the instant between its making and its writing.
  if (!(holder > 0)) return false;
  // A restarted container hands out the same ids again.
  if (holder === process.pid) return true;
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
