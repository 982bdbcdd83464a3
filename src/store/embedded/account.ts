import { execFile } from "node:child_process";
import { chownSync, existsSync, statSync } from "node:fs";
import { promisify } from "node:util";
import { StartRefusal } from "../../config/refusal.ts";
import type { Binaries } from "./binaries.ts";
import type { Folders } from "./folders.ts";

/** As whom the server's processes run. PostgreSQL refuses to run as root. */
export interface ServerAccount {
  /** Options of `spawn` that put a child under this account. */
  readonly as: { readonly uid?: number; readonly gid?: number };
  /** Words to put in front of a command line. */
  readonly prefix: readonly string[];
  /** Hands a path of ours over to the account. */
  own(path: string): void;
}

const run = promisify(execFile);

/** The user "nobody": it owns nothing else. */
const NOBODY = 65_534;

/** Inside, the process is user 1000; outside it still is root and reaches root's folders. */
const SHIFTED = ["unshare", "-U", "--map-user=1000", "--"] as const;

const SELF: ServerAccount = { as: {}, prefix: [], own: () => {} };

/**
 * Chooses the account. As an ordinary user it is that user. As root the server becomes the owner
 * of the cluster, or, for a new one, nobody; where that user is kept out by a closed folder above,
 * a user namespace serves. The cluster's owner remembers the choice.
 * @throws StartRefusal when neither works.
 */
export async function chooseAccount(
  binaries: Binaries,
  folders: Folders,
  env: Record<string, string>,
): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return SELF;
  const owner = existsSync(folders.cluster) ? statSync(folders.cluster) : undefined;
  const dropped = accountOf(owner?.uid ?? NOBODY, owner?.gid ?? NOBODY);
  const candidates: ServerAccount[] = [];
  if (owner?.uid !== 0) candidates.push(dropped);
  if (owner === undefined || owner.uid === 0) {
    candidates.push({ as: {}, prefix: SHIFTED, own: () => {} });
  }
  for (const account of candidates) {
    if (await works(account, binaries, folders, env)) return account;
  }
  throw new StartRefusal(
    `PostgreSQL does not run as root, and an unprivileged user cannot reach ${folders.root}: start the hub as an ordinary user, move HUB_DATA_DIR, or set DATABASE_URL`,
  );
}

function accountOf(uid: number, gid: number): ServerAccount {
  return { as: { uid, gid }, prefix: [], own: (path) => chownSync(path, uid, gid) };
}

/** Tries it: the binary runs, and the folder lets the account in. */
async function works(
  account: ServerAccount,
  binaries: Binaries,
  folders: Folders,
  env: Record<string, string>,
): Promise<boolean> {
  const probe = 'cd "$2" && test -r "$3/lib" && "$1" --version';
  const words = [binaries.postgres, folders.root, binaries.native];
  const [command = "", ...args] = [...account.prefix, "/bin/sh", "-c", probe, "probe", ...words];
  try {
    await run(command, args, { ...account.as, env, cwd: "/" });
    return true;
  } catch {
    return false;
  }
}
