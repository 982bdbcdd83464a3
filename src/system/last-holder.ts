import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../runtime/errors.ts";
import { replaceFile } from "../vault/embedded/durable-file.ts";

const FILE = "lease-holder";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Writes down who holds leases from now on, and answers who did so before from this data folder. The
 * folder is locked, so that one is dead: nobody need wait for its leases to run out. Undefined where
 * none is known. A file that cannot be written costs its successor that wait, and nothing else.
 * @param holder a UUID made for this start.
 * @param warn told what could not be written, and why.
 */
export function takePlaceOf(
  dataDir: string,
  holder: string,
  warn: (line: string) => void,
): string | undefined {
  const path = join(dataDir, FILE);
  const before = read(path);
  try {
    replaceFile(path, `${holder}\n`);
  } catch (error) {
    warn(`${path} cannot be written: ${messageOf(error)}`);
  }
  return before;
}

function read(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8").trim();
    return UUID.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
