/**
 * Takes from the program that follows the right to dump its memory, which may hold what was lent to
 * it, and has the kernel kill it when its parent ends, however that ends and whatever the child is at
 * then. Only Linux can, by a tool of util-linux; elsewhere the child's own guard does what it can.
 */
const SCRIPT = `ulimit -c 0
setpriv --pdeathsig KILL true 2>/dev/null && exec setpriv --pdeathsig KILL "$@"
exec "$@"`;

/** How `fork` is to run a child: each word becomes the next in its place, so all are one process. */
export function childCommand(heapMb: number): { execPath: string; execArgv: string[] } {
  const node = [process.execPath, `--max-old-space-size=${heapMb}`];
  return { execPath: "/bin/sh", execArgv: ["-c", SCRIPT, "sh", ...node] };
}
