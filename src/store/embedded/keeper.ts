import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, renameSync, statSync } from "node:fs";
import type { ServerAccount } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import type { Folders } from "./folders.ts";

/**
 * Holds the server and watches our end of its standard input. However the hub ends, the kernel
 * closes that end, and the keeper stops the server: a server that was merely spawned would run on
 * after a kill -9 of the hub. It ignores the signals of a terminal, so that Ctrl-C does not take
 * the database away before the hub has drained.
 */
const KEEPER = `trap "" INT TERM HUP
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
(read -r _ <&3; kill -INT $server) &
watch=$!
wait $server
code=$?
kill -KILL $watch 2>/dev/null
exit $code`;

const BIGGEST_LOG_BYTES = 20_000_000;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "", // the socket is the only way in
  unix_socket_permissions: "0700",
  shared_buffers: "128MB", // the newest 500 candles of 1,000 series lie in 80 MB of pages
  max_connections: "30",
  max_locks_per_transaction: "256", // a question over all months locks every partition
  wal_compression: "on",
  timezone: "UTC",
  log_timezone: "UTC",
  jit: "off", // compiling a plan costs more than any of the hub's statements
};

/** Starts keeper and server. Closing the child's stdin stops both. */
export function spawnServer(
  binaries: Binaries,
  folders: Folders,
  account: ServerAccount,
  env: Record<string, string>,
  socketDir: string,
  extra: Readonly<Record<string, string>>,
): ChildProcess {
  const settings = Object.entries({ ...SETTINGS, ...extra });
  const words = [binaries.postgres, "-D", folders.cluster, "-k", socketDir, "-p", "5432"];
  for (const [name, value] of settings) words.push("-c", `${name}=${value}`);
  const [command = "", ...args] = [...account.prefix, "/bin/sh", "-c", KEEPER, "keeper", ...words];
  const log = openLog(folders.log); // a file: a pipe would die with the hub
  try {
    return spawn(command, args, {
      ...account.as,
      env,
      cwd: folders.root,
      detached: true,
      stdio: ["pipe", log, log],
    });
  } finally {
    closeSync(log);
  }
}

function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > BIGGEST_LOG_BYTES) renameSync(path, `${path}.old`);
  return openSync(path, "a", 0o600);
}
