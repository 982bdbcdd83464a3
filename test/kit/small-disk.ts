import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEGABYTE = Buffer.alloc(1_000_000);
const PAGE = Buffer.alloc(4_096);

/** A disk of its own, in memory, that a test may fill and write-protect. */
export class SmallDisk {
  readonly path: string;

  constructor(megabytes: number) {
    this.path = mkdtempSync(join(tmpdir(), "hub-disk-"));
    mount("-t", "tmpfs", "-o", `size=${megabytes}m,mode=755`, "tmpfs", this.path);
    chmodSync(this.path, 0o755);
  }

  /** Leaves no room for another byte. */
  fill(): void {
    for (const piece of [MEGABYTE, PAGE]) {
      try {
        for (;;) appendFileSync(join(this.path, "ballast"), piece);
      } catch {
        // So much went in.
      }
    }
  }

  makeRoom(): void {
    rmSync(join(this.path, "ballast"), { force: true });
  }

  /** Only while nobody has a file of it open for writing. */
  protect(): void {
    mount("-o", "remount,ro", this.path);
  }

  remove(): void {
    execFileSync("umount", ["-l", this.path]);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Why this machine allows no disk of a test's own; undefined where it does. */
export function whyNoDisk(): string | undefined {
  try {
    new SmallDisk(1).remove();
    return undefined;
  } catch (thrown) {
    return `no tmpfs can be mounted here: ${String(thrown).split("\n")[1] ?? String(thrown)}`;
  }
}

function mount(...args: readonly string[]): void {
  execFileSync("mount", args, { stdio: ["ignore", "ignore", "pipe"] });
}
