import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Replaces a file so that after a crash or a full disk either the old or the new one is there, whole.
 * Only its owner may read it.
 */
export function replaceFile(path: string, content: string): void {
  const fresh = `${path}.${process.pid}.new`;
  try {
    const file = openSync(fresh, "w", 0o600);
    try {
      // A disk that is nearly full takes a part, and says nothing until it is asked again.
      const bytes = Buffer.from(content);
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
