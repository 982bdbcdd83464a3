import { closeSync, fstatSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compiledUrl } from "../../runtime/compiled.ts";
import { isAlive } from "../../runtime/is-alive.ts";
import { LeakScanner } from "../../vault/leaks/scanner.ts";
import { scanFile } from "./scan.ts";
import type { Site } from "./site.ts";
import { until } from "./until.ts";

const SIGNAL = "SIGUSR2";
const LIMIT_MS = 60_000;
const MOST_ATTEMPTS = 8;
/** Longer after each snapshot that shows a call under way. */
const SETTLE_MS = 1_000;
/** What V8 would cut off could hold a secret behind it. */
const LONGEST_STRING = 2 ** 28;

/** Flags under which a Node process, and every actor it forks, writes down its heap when told to. */
export function heapFlags(folder: string): readonly string[] {
  return [
    `--heapsnapshot-signal=${SIGNAL}`,
    `--diagnostic-dir=${folder}`,
    `--heap-snapshot-string-limit=${LONGEST_STRING}`,
    `--import=${compiledUrl("./fork-flags.ts", import.meta.url).href}`,
  ];
}

/**
 * Lets a process that has the flags write down its heap, and waits for the file; false when the
 * process ended meanwhile: it stands still while it writes, and may be taken for dead.
 *
 * Whoever makes a call that a secret opens holds its text while the call lasts. That is no leak, and
 * another snapshot does not have it; what is in every snapshot is kept.
 */
export async function writeHeap(
  site: Site,
  pid: number,
  mostAttempts = MOST_ATTEMPTS,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const path = await writeOne(site, pid);
    if (path === undefined) return false;
    const [scanned] = await scanFile(new LeakScanner(site.planted), path);
    if (scanned?.finds.length === 0 || attempt === mostAttempts) return true;
    rmSync(path);
    // What waited while it stood still is asked for all at once, and takes its time.
    await site.clock.sleep(attempt * SETTLE_MS);
  }
}

async function writeOne({ clock, heapDir }: Site, pid: number): Promise<string | undefined> {
  const before = new Set(readdirSync(heapDir));
  if (!isAlive(pid)) return undefined;
  process.kill(pid, SIGNAL);
  const isOurs = (name: string): boolean => name.includes(`.${pid}.`) && !before.has(name);
  const found = await until(clock, LIMIT_MS, `the heap of process ${pid}`, () => {
    const name = readdirSync(heapDir).find(isOurs);
    if (name !== undefined && isWhole(join(heapDir, name))) return join(heapDir, name);
    return isAlive(pid) ? undefined : false;
  });
  return found === false ? undefined : found;
}

function isWhole(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(2);
    return size > 2 && readSync(file, end, 0, 2, size - 2) === 2 && end.toString() === "]}";
  } finally {
    closeSync(file);
  }
}
