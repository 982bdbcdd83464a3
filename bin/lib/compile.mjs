import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { filesBelow, fingerprint } from "./fingerprint.mjs";
import { Refusal } from "./refusal.mjs";
import { run, TO_STDERR } from "./run.mjs";

/** What is compiled, from where, to where. The stamp in `out` tells from which sources it came. */
export const HUB = {
  project: "tsconfig.build.json",
  sources: ["src"],
  base: "src",
  out: "dist",
};

/**
 * The benchmarks beside the hub's sources, so that both keep their places to each other, and what
 * of the tests they stand on.
 */
export const BENCH = {
  project: "tsconfig.bench.json",
  sources: ["src", "bench", "test/kit", "test/e2e/kit", "test/runtime", "test/store/pg"],
  base: ".",
  out: "build",
};

/** What builds Grafana's dashboards; never a part of a hub that runs. */
export const DASHBOARDS = {
  project: "tsconfig.grafana.json",
  sources: ["grafana/src", "test/grafana/live", "test/e2e/kit", "src"],
  base: ".",
  out: "build/.dashboards",
};

/** Where a module of theirs is once it is compiled. */
export function compiledDashboards(module) {
  return new URL(`../../build/.dashboards/grafana/src/${module}`, import.meta.url).href;
}

const STAMP = ".stamp";

function sourcesOf(root, target) {
  const paths = ["tsconfig.json", target.project, "package-lock.json", "supabase/migrations"];
  return fingerprint(root, [...target.sources, ...paths]);
}

/** Says whether the compiled files belong to the sources as they are now. */
export function isCompiled(root, target) {
  try {
    return readFileSync(join(root, target.out, STAMP), "utf8") === sourcesOf(root, target);
  } catch {
    return false;
  }
}

/**
 * Compiles beside the old result and puts the new one in its place only when all went well: a
 * failed build takes nothing away from a hub that runs, and leaves no stamp of its own.
 */
export async function compile(root, target) {
  const stamp = sourcesOf(root, target);
  const staging = join(root, "build", `.next-${target.out.replaceAll("/", "-")}`);
  rmSync(staging, { recursive: true, force: true });
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const args = [tsc, "-p", join(root, target.project), "--outDir", staging];
  const code = await run(process.execPath, args, { cwd: root, stdio: TO_STDERR });
  if (code !== 0) {
    rmSync(staging, { recursive: true, force: true });
    throw new Refusal(`building failed: tsc ended with code ${code}, see above`);
  }
  copyAssets(root, target, staging);
  replace(staging, join(root, target.out));
  writeFileSync(join(root, target.out, STAMP), stamp);
}

/** Pages, styles and the like lie beside the code that serves them; tsc passes them over. */
function copyAssets(root, target, to) {
  const base = join(root, target.base);
  for (const file of target.sources.flatMap((path) => filesBelow(join(root, path)))) {
    if (file.endsWith(".ts")) continue;
    const copy = join(to, relative(base, file));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(file, copy);
  }
}

/** Moves a folder's entries over those of another; entries with a dot are ours and stay. */
function replace(from, to) {
  mkdirSync(to, { recursive: true });
  rmSync(join(to, STAMP), { force: true });
  for (const name of readdirSync(to)) {
    if (!name.startsWith(".")) rmSync(join(to, name), { recursive: true });
  }
  for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
  rmSync(from, { recursive: true });
}
