/** How long open sockets and timers may hold an ended process before it is closed over them. */
const PATIENCE_MS = 2_000;

/** Returns the exit code, and sees to it that the process really ends. */
export function leaveWith(exitCode) {
  setTimeout(() => process.exit(exitCode), PATIENCE_MS).unref();
  return exitCode;
}
