import { describe, expect, test } from "vitest";
import { ALL_FAULT_KINDS } from "../../../../src/exchanges/sandbox/index.ts";
import { durationOf, failureTable } from "../../../kit/failure-table.ts";
import { strike } from "./strike.ts";

const rows = failureTable("Candles");
const named = rows.map((row) => [`${row["fault"]} ${row["parameters"]}`.trim(), row] as const);

test("the tables of failure modes have every kind of fault, and no other", () => {
  const told = [...rows, ...failureTable("Orders")].map((row) => row["fault"]);

  expect(new Set(told)).toEqual(new Set<string>(ALL_FAULT_KINDS));
});

describe("a harvester whose exchange goes wrong ends as the table says", () => {
  test.each(named)(
    "%s",
    async (_name, row) => {
      const parameters = JSON.parse(row["parameters"] || "{}") as object;
      const lastsMs = durationOf(row["goes on for"] ?? "");

      const { wholeAfterMs, failures, ...seen } = await strike(
        { kind: row["fault"] ?? "", ...parameters },
        lastsMs,
      );

      const { "noticed as": noticed, stored, gap, signal } = row;
      expect(seen).toEqual({ noticed, stored, gap, signal });
      expect(failures).toEqual([]);
      expect(wholeAfterMs).toBeLessThanOrEqual(durationOf(row["whole again within"] ?? ""));
    },
    120_000,
  );
});
