import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A folder that is gone after the tests, and files in it. */
export function folder(): (name: string) => string {
  const path = mkdtempSync(join(tmpdir(), "hub-transfer-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return (name) => join(path, name);
}
