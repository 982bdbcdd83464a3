import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ServerLog } from "../../../src/store/embedded/server-log.ts";

const folder = mkdtempSync(join(tmpdir(), "hub-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STAMP = "2026-11-24 02:33:36.123 UTC [4711]";
const EARLIER = `${STAMP} PANIC:  an older server's end\n`;

/** A log that an earlier server wrote to, and what a new one has written since. */
function logOf(name: string, ...lines: readonly string[]): ServerLog {
  const path = join(folder, name);
  writeFileSync(path, EARLIER);
  const log = new ServerLog(path);
  for (const line of lines) appendFileSync(path, `${STAMP} ${line}\n`);
  return log;
}

describe("the log of a server", () => {
  test("names the last panic of this server, and nobody else's", () => {
    const full = 'could not write to file "pg_wal/xlogtemp.4711": No space left on device';
    const log = logOf("full", `PANIC:  ${full}`, "LOG:  all server processes terminated");

    expect(log.panic()).toBe(full);
    expect(logOf("quiet", "LOG:  shutting down").panic()).toBeUndefined();
  });

  test("does not take what one connection met for the server's end", () => {
    const log = logOf("refused", "ERROR:  duplicate key", "FATAL:  too many connections");

    expect(log.panic()).toBeUndefined();
    expect(log.complaint()).toBe("too many connections");
  });

  test("has nothing to say when somebody has taken it away", () => {
    const log = logOf("gone", "PANIC:  unheard");
    rmSync(join(folder, "gone"));

    expect([log.panic(), log.complaint()]).toEqual([undefined, "it left no word"]);
  });
});
