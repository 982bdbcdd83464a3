import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json, wherever the compiled files lie below it. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("package.json is nowhere above the hub's own files");
    folder = parent;
  }
  return folder;
}

/** The folder of the project. */
export const packageRoot: string = findRoot();

/** The hub's version. */
export const VERSION: string = (
  JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }
).version;

/** Where the numbered SQL files are. */
export const migrationsDir: string = join(packageRoot, "supabase", "migrations");

/** Where the programs are that users start. */
export const binDir: string = join(packageRoot, "bin");
