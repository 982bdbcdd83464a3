import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { Binaries } from "./binaries.ts";

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links to shared libraries that the package leaves to an install script. The hub never
 * lets install scripts run, and node_modules may be read-only: so they lie in the data folder.
 */
export function linkLibraries({ native }: Binaries, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const list = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as Link[];
  for (const { source, target } of list) {
    if (!target.startsWith("native/lib/")) continue;
    const link = join(folder, basename(target));
    rmSync(link, { force: true });
    symlinkSync(join(native, "..", source), link);
  }
}

/** All that the server's processes see of the world: nothing of the hub's environment. */
export function serverEnvironment({ native }: Binaries, folder: string): Record<string, string> {
  const libraries = `${folder}:${join(native, "lib")}`;
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "C.UTF-8",
    TZ: "UTC",
    LD_LIBRARY_PATH: libraries,
    DYLD_LIBRARY_PATH: libraries,
  };
}
