const LOOK_EVERY_MS = 500;

/**
 * Asks this process to stop once the npm that runs it is gone. npm starts scripts through a shell,
 * and a shell that is killed tells its child nothing: the hub would run on with nobody minding it,
 * and hold the data folder against its own successor.
 */
export function stopWithNpm(environment) {
  if (environment.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, LOOK_EVERY_MS);
  watch.unref();
}
