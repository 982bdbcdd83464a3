import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { StartRefusal } from "../../config/refusal.ts";
import { isAlive } from "../../runtime/is-alive.ts";

/** Gives the folder free again. */
export type Unlock = () => Promise<void>;

/**
 * Takes a data folder for this process. On Linux the lock is a name in the kernel, which is gone
 * with the process however it ends; elsewhere a file with the process's id.
 * It does not reach into another container that shares the folder.
 * @throws StartRefusal when another process holds it.
 */
export async function lockFolder(home: string): Promise<Unlock> {
  return process.platform === "linux" ? lockName(home) : lockFile(home);
}

function taken(home: string, cause: unknown): StartRefusal {
  return new StartRefusal(
    `another hub uses the data folder ${home}: stop it, or set HUB_DATA_DIR`,
    cause,
  );
}

async function lockName(home: string): Promise<Unlock> {
  const hash = createHash("sha256").update(home).digest("hex").slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  server.listen(`\0hub-${hash}`);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw taken(home, cause);
  }
  server.unref();
  return () => new Promise((done) => server.close(() => done()));
}

async function lockFile(home: string): Promise<Unlock> {
  const path = join(home, "hub.pid");
  try {
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
  } catch (cause) {
    if (isAlive(Number(readFileSync(path, "utf8")))) throw taken(home, cause);
    rmSync(path, { force: true });
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
  }
  return async () => rmSync(path, { force: true });
}
