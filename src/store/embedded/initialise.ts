import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import { StartRefusal } from "../../config/refusal.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { ServerAccount } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import type { Folders } from "./folders.ts";

const run = promisify(execFile);

/** Trust is safe here: only the owner can enter the folder of the socket. */
const FLAGS = [
  "--username=postgres",
  "--auth=trust",
  "--encoding=UTF8",
  "--locale-provider=builtin",
  "--locale=C.UTF-8",
  "--lc-collate=C",
  "--lc-ctype=C",
  "--no-instructions",
];

/**
 * Makes the database cluster if there is none: beside its place, then renamed, so that a process
 * killed half-way leaves no half folder.
 * @throws StartRefusal when it cannot be made.
 */
export async function initialise(
  binaries: Binaries,
  folders: Folders,
  account: ServerAccount,
  env: Record<string, string>,
): Promise<void> {
  if (existsSync(folders.cluster)) return;
  const fresh = `${folders.cluster}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  account.own(fresh);
  const words = [...account.prefix, binaries.initdb, "-D", fresh, ...FLAGS];
  const [command = "", ...args] = words;
  try {
    await run(command, args, { ...account.as, env, cwd: folders.root });
  } catch (cause) {
    throw new StartRefusal(
      `the embedded PostgreSQL cannot be set up in ${folders.root}: ${complaintOf(cause)}`,
      cause,
    );
  }
  renameSync(fresh, folders.cluster);
}

/** What the program said; the message of a failed command is mostly its command line. */
function complaintOf(thrown: unknown): string {
  const said = thrown instanceof Error && "stderr" in thrown ? String(thrown.stderr) : "";
  return /\b(?:error|FATAL|PANIC): +(.+)/.exec(said)?.[1] ?? messageOf(thrown);
}
