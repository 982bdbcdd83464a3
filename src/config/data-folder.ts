import { accessSync, constants, existsSync, mkdirSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../runtime/errors.ts";
import { StartRefusal } from "./refusal.ts";

/** No room, no right, a disk that is read-only or broken. */
const TROUBLE = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO"]);

/**
 * Makes a folder that the hub writes to, or finds it; answers its real path.
 * @param mode of a folder that is made.
 * @throws StartRefusal when it cannot be made or written.
 */
export function makeFolder(path: string, mode: number): string {
  try {
    mustWrite(nearest(path)); // a folder that cannot be made would only be said not to be there
    mkdirSync(path, { recursive: true, mode });
    mustWrite(path);
    return realpathSync(path);
  } catch (thrown) {
    throw refusal(path, thrown);
  }
}

/** What went wrong with files of a data folder, as a refusal; anything else as it is. */
export function folderTrouble(dataDir: string, thrown: unknown): unknown {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return TROUBLE.has(code) ? refusal(dataDir, thrown) : thrown;
}

function refusal(path: string, thrown: unknown): StartRefusal {
  const [reason = ""] = messageOf(thrown).split(","); // what follows is the name of a system call
  return new StartRefusal(
    `the data folder ${path} cannot be used (${reason}): mend that, or set HUB_DATA_DIR`,
    thrown,
  );
}

function mustWrite(folder: string): void {
  accessSync(folder, constants.W_OK | constants.X_OK);
}

/** The folder itself, or the one above it that is there. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}
