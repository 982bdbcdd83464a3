import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/**
 * What the process of a forked actor runs: it makes sure that it ends with its parent, and becomes
 * comedy's worker, in which the host is made.
 * Its one argument is the parent's process id, from before there was anything to wait for.
 */
const EXIT_ORPHANED = 70;
/** The guard compares two numbers once a second. */
const GUARD_HEAP = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 };

const parentPid = Number(process.argv[2]);
// Whoever was orphaned before the kernel knew of it gets no signal.
if (process.ppid !== parentPid) process.exit(EXIT_ORPHANED);
// Only the parent decides about stopping: a Ctrl-C reaches both at the same time.
for (const signal of ["SIGINT", "SIGTERM", "SIGUSR1"]) process.on(signal, () => {});
startGuard();
becomeWorker();

function startGuard(): void {
  const guard = new Worker(new URL("./orphan-guard.js", import.meta.url), {
    workerData: { parentPid },
    env: {},
    execArgv: [],
    resourceLimits: GUARD_HEAP,
  });
  // It must not keep a process alive that has nothing else to do.
  guard.unref();
  guard.on("error", () => process.exit(EXIT_ORPHANED));
}

/**
 * Comedy's worker brings old runtimes up to date before anything else, which takes a fifth of the
 * whole start of a child, gives `Map` and `Set` a `toJSON`, and is of no use to Node 20.
 */
function becomeWorker(): void {
  const require = createRequire(import.meta.url);
  const worker = createRequire(require.resolve("comedy"));
  const polyfill = worker.resolve("babel-polyfill");
  require.cache[polyfill] = {
    id: polyfill,
    filename: polyfill,
    loaded: true,
    exports: {},
  } as NodeModule;
  worker("./lib/forked-actor-worker.js");
}
