import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DEFINITIONS } from "../../../src/market/performance/measure.ts";

const page = readFileSync("docs/performance-figures.md", "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| `"));
const told = rows.flatMap((row) => row.split("|")[1]?.match(/(hub|bk|ft)\.[a-z0-9_]+/g) ?? []);

describe("the page of figures", () => {
  test("has every figure once, and no other", () => {
    expect(told.toSorted()).toEqual(DEFINITIONS.map(({ id }) => id).toSorted());
  });

  test("names the unit of each", () => {
    for (const { id, unit } of DEFINITIONS) {
      const row = rows.find((line) => line.split("|")[1]?.includes(`\`${id}\``)) ?? "";
      expect([id, row.split("|")[3]]).toEqual([id, expect.stringContaining(unit)]);
    }
  });
});
