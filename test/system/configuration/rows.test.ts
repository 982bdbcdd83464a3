import fc from "fast-check";
import { expect, test } from "vitest";
import { builtInStrategies, StrategyRegistry } from "../../../src/strategies/registry.ts";
import type { ConfiguredStrategy } from "../../../src/strategies/resolve.ts";
import {
  type Accepted,
  type RowsContext,
  readRows,
} from "../../../src/system/configuration/rows.ts";
import type { StrategyRow } from "../../../src/vault/port.ts";
import { limits } from "../../kit/builders.ts";
import { SWING } from "./world.ts";

const context: RowsContext = {
  registry: new StrategyRegistry(builtInStrategies),
  limits: limits(),
  obstacle: () => undefined,
  lastGood: new Map(),
  origin: "vault",
};

test("of two rows of one name the second is not believed", () => {
  const { accepted, refused } = readRows([SWING, { ...SWING, version: 2 }], context);

  expect(accepted.map(({ row }) => row.version)).toEqual([1]);
  expect(refused).toMatchObject([{ name: "swing", version: 2, running: null }]);
});

const badRow: fc.Arbitrary<Partial<StrategyRow>> = fc.constantFrom(
  { params: {} },
  { params: { strategy_type: "martingale" } },
  { params: { ...SWING.params, timeframe: "7H" } },
  { params: { ...SWING.params, lookback_periods: -1 } },
  { symbols: [] },
  { symbols: ["nonsense", 7] },
  { riskLimits: { max_daily_loss: "a lot" } },
  { riskLimits: { max_position_size: 0 } },
  { riskLimits: { leverage: 20 } },
  { flaw: "params: is a list" },
);

test("a strategy that throws when it is asked what it needs is its row's trouble alone", () => {
  const obstacle = (strategy: ConfiguredStrategy): undefined => {
    if (strategy.config.name === "odd") throw new RangeError("no such period");
  };
  const odd = { ...SWING, strategyId: "odd" };
  const { accepted, refused } = readRows([odd, SWING], { ...context, obstacle });

  expect(accepted.map(({ row }) => row.strategyId)).toEqual(["swing"]);
  expect(refused).toMatchObject([{ reason: "the strategy cannot be set up: no such period" }]);
});

test("a bad row, wherever it stands, changes nothing about the others", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
      fc.array(badRow, { minLength: 1, maxLength: 4 }),
      fc.nat(9),
      (enabled, faults, place) => {
        const good = enabled.map((on, i) => ({ ...SWING, strategyId: `row-${i}`, enabled: on }));
        const bad = faults.map((fault, i) => ({ ...SWING, ...fault, strategyId: `bad-${i}` }));
        const at = place % (good.length + 1);
        const before = readRows([{ ...SWING, strategyId: "bad-0" }], context).accepted;
        const lastGood = new Map(before.map((one) => [one.row.strategyId, one]));
        const withLast = { ...context, lastGood };
        const without = readRows(good, withLast);
        const reading = readRows([...good.slice(0, at), ...bad, ...good.slice(at)], withLast);

        const isBad = ({ row }: Accepted): boolean => row.strategyId.startsWith("bad-");
        expect(reading.accepted.filter((one) => !isBad(one))).toEqual(without.accepted);
        expect(reading.accepted.filter(isBad)).toEqual(before);
        expect(reading.disabled).toEqual(without.disabled);
        expect(reading.refused.map(({ name }) => name)).toEqual(
          bad.map(({ strategyId }) => strategyId),
        );
      },
    ),
    { numRuns: 60 },
  );
});
