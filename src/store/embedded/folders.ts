import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../config/data-folder.ts";

/** What the embedded server keeps in the hub's data folder. */
export interface Folders {
  /** The data folder itself, resolved. */
  readonly home: string;
  /** The server's own folder in it. */
  readonly root: string;
  /** The database cluster. */
  readonly cluster: string;
  /** Library links that npm's install scripts would have made. */
  readonly libraries: string;
  readonly log: string;
}

/** The system takes 107 bytes for the path of a socket; its file name needs some of them. */
const LONGEST_SOCKET_DIR = 80;

/** @throws StartRefusal when the data folder cannot be made or written. */
export function makeFolders(dataDir: string): Folders {
  const home = makeFolder(dataDir, 0o777);
  // Others may pass through, not look: the server may run as another user than the hub.
  const root = makeFolder(join(home, "postgres"), 0o711);
  return {
    home,
    root,
    cluster: join(root, "cluster"),
    libraries: join(root, "lib"),
    log: join(root, "postgres.log"),
  };
}

/**
 * The folder for the server's socket. Only its owner may enter it: that is what keeps others out,
 * since the server trusts whoever reaches the socket.
 */
export function makeSocketFolder(root: string): string {
  const near = join(root, "run");
  if (Buffer.byteLength(near) > LONGEST_SOCKET_DIR) return mkdtempSync(join(tmpdir(), "hub-"));
  mkdirSync(near, { recursive: true, mode: 0o700 });
  return near;
}
