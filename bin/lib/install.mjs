import { readFileSync } from "node:fs";
import { join } from "node:path";
import { npmCommand } from "./npm.mjs";
import { Refusal } from "./refusal.mjs";
import { run, TO_STDERR } from "./run.mjs";

/**
 * Says whether the packages of the lock file are installed. npm itself leaves the proof behind:
 * the last thing an install writes is `node_modules/.package-lock.json`, the list of what is there.
 * So an install that was cut off does not count, and one made by hand does.
 */
export function isInstalled(root, { dev }) {
  const wanted = packagesIn(join(root, "package-lock.json"));
  const present = packagesIn(join(root, "node_modules/.package-lock.json"));
  if (wanted === undefined) throw new Refusal("package-lock.json is missing or broken");
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = present[path];
    if (found === undefined) return mayBeMissing(entry, dev);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** Optional packages are those of other platforms; development ones are needed only to build and test. */
function mayBeMissing(entry, dev) {
  return entry.optional === true || entry.devOptional === true || (entry.dev === true && !dev);
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Installs what the lock file says, without running any package's scripts and without touching the
 * lock file. Not `npm ci`: it refuses a lock file that leaves out builds for platforms whose
 * packages the registry at hand does not carry, though nobody here needs them.
 */
export async function install(root) {
  const { program, args } = npmCommand(process.env);
  process.stderr.write("installing packages (npm install), this takes a moment\n");
  const flags = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--include=dev"];
  const code = await run(program, [...args, "install", ...flags], { cwd: root, stdio: TO_STDERR });
  if (code !== 0) {
    throw new Refusal(`installing packages failed: npm install ended with code ${code}, see above`);
  }
  // npm settles a quarrel between the two by itself; the hub runs what was locked or not at all.
  if (!isInstalled(root, { dev: true })) {
    throw new Refusal("package.json asks for other packages than package-lock.json holds");
  }
}
