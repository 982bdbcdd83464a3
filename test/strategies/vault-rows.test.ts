import { describe, expect, test } from "vitest";
import { builtInStrategies, StrategyRegistry } from "../../src/strategies/registry.ts";
import { readRow } from "../../src/strategies/vault-rows.ts";
import type { StrategyRow } from "../../src/vault/port.ts";

const registry = new StrategyRegistry(builtInStrategies);

/** The row that VVAULT is seeded with. */
const SEEDED: StrategyRow = {
  strategyId: "default",
  params: { timeframe: "1H", strategy_type: "momentum", lookback_periods: 20 },
  symbols: ["EUR_USD", "GBP_USD", "USD_JPY"],
  riskLimits: { max_position_size: 0.1, max_daily_loss: 0.02, max_trades_per_day: 10 },
  enabled: true,
  version: 1,
};

describe("a row of the vault", () => {
  test("says which strategy runs where, in the vault's own spellings", () => {
    const reading = readRow(registry, SEEDED, "vault");

    expect(reading).toMatchObject({
      kind: "runs",
      strategy: {
        config: { name: "default", version: 1, origin: "vault" },
        strategy: { id: "momentum" },
        parameters: { lookback_periods: 20 },
        timeframes: ["1h"],
        pairs: ["EUR/USD", "GBP/USD", "USD/JPY"],
      },
    });
  });

  test("is named after its strategy when it does not say another", () => {
    const reading = readRow(
      registry,
      {
        ...SEEDED,
        strategyId: "ema-cross",
        params: { timeframes: ["M15", "15m", "H4"] },
      },
      "vault",
    );

    expect(reading).toMatchObject({
      kind: "runs",
      strategy: { strategy: { id: "ema-cross" }, timeframes: ["15m", "4h"] },
    });
  });

  test("that is not enabled does not run", () => {
    expect(readRow(registry, { ...SEEDED, enabled: false, symbols: [7] }, "vault")).toEqual({
      kind: "disabled",
    });
  });

  test.each([
    [
      "an unknown strategy",
      { params: { strategy_type: "martingale" } },
      /unknown strategy "martingale"/,
    ],
    ["a strategy that is no text", { params: { strategy_type: 7 } }, /unknown strategy 7/],
    [
      "an unknown timeframe",
      { params: { ...SEEDED.params, timeframe: "7H" } },
      /params.timeframe: "7H"/,
    ],
    ["no timeframe at all", { params: { ...SEEDED.params, timeframes: [] } }, /names none/],
    ["a symbol that is no text", { symbols: [7] }, /symbols: 7 is no pair/],
    ["a symbol that is no pair", { symbols: ["nonsense"] }, /symbols: "nonsense" is no pair/],
    [
      "no symbols, as after an update that left them out",
      { symbols: [] },
      /symbols: names no pair/,
    ],
    [
      "a parameter out of range",
      { params: { ...SEEDED.params, lookback_periods: 0 } },
      /params.lookback_periods/,
    ],
    ["a form that is none", { flaw: "params: is a list" }, /params: is a list/],
    ["a parameter nobody knows", { params: { ...SEEDED.params, lookback: 3 } }, /params/],
  ] as const)("is refused with the reason when it has %s", (_what, change, reason) => {
    const reading = readRow(registry, { ...SEEDED, ...change }, "vault");

    expect(reading.kind).toBe("refused");
    expect(reading.kind === "refused" ? reading.reason : "").toMatch(reason);
  });
});
