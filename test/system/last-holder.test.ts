import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { takePlaceOf } from "../../src/system/last-holder.ts";

const FIRST = "00000000-0000-4000-8000-000000000001";
const SECOND = "00000000-0000-4000-8000-000000000002";

describe("the last holder of leases in a data folder", () => {
  let folder: string;
  const warnings: string[] = [];
  const take = (holder: string, where = folder): string | undefined =>
    takePlaceOf(where, holder, (line) => warnings.push(line));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hub-holder-"));
    warnings.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is nobody at the first start, and each start's own predecessor later", () => {
    expect([take(FIRST), take(SECOND), take(FIRST)]).toEqual([undefined, FIRST, SECOND]);
    expect(warnings).toEqual([]);
  });

  test.each(["", "nonsense", `${FIRST}0`, "\0\0\0"])("is nobody when the file says %j", (text) => {
    writeFileSync(join(folder, "lease-holder"), text);

    expect(take(SECOND)).toBeUndefined();
    expect(readFileSync(join(folder, "lease-holder"), "utf8")).toBe(`${SECOND}\n`);
  });

  test("costs a start nothing but a line when it cannot be written down", () => {
    expect(take(FIRST, join(folder, "gone"))).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/lease-holder cannot be written: ENOENT/)]);
  });
});
