import { workerData } from "node:worker_threads";
import { machineClock } from "../clock.ts";

/**
 * A thread of a child process that ends the process once its parent is gone. It runs beside whatever
 * the process does: code that never yields keeps the main thread from seeing that nobody is there.
 * A process whose parent has ended is handed to another, which is how it shows.
 */
const EVERY_MS = 1_000;
const { parentPid } = workerData as { readonly parentPid: number };

function look(): void {
  if (process.ppid !== parentPid) process.kill(process.pid, "SIGKILL");
  machineClock.after(EVERY_MS, look);
}

look();
