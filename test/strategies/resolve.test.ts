import { describe, expect, test } from "vitest";
import { builtInStrategies, StrategyRegistry } from "../../src/strategies/registry.ts";
import { resolveStrategies, strategiesOn } from "../../src/strategies/resolve.ts";
import { walk } from "../kit/candles.ts";
import { configured, ids, registry, wishes } from "./world.ts";

describe("resolving strategies", () => {
  test.each(ids)("gives %s its defaults", (id) => {
    expect(configured(id)).toMatchObject([{ strategy: { id }, parameters: { atr_periods: 14 } }]);
  });

  test.each([
    ["ema-cross", { fast_periods: 1 }, "ema-cross: fast_periods: "],
    ["ema-cross", { fast_periods: 30 }, "ema-cross: fast_periods: must be below slow_periods"],
    ["ema-cross", { slow_period: 30 }, 'ema-cross: Unrecognized key: "slow_period"'],
    ["ema-cross", { stop_atr: 0 }, "ema-cross: stop_atr: "],
    ["rsi-reversion", { oversold: "30" }, "rsi-reversion: oversold: "],
    ["rsi-reversion", { oversold: 80 }, "rsi-reversion: oversold: must be below overbought"],
    ["macd-adx-trend", { signal_periods: 9.5 }, "macd-adx-trend: signal_periods: "],
    ["bollinger-breakout", { deviations: Number.NaN }, "bollinger-breakout: deviations: "],
    ["momentum", { lookback_periods: 0 }, "momentum: lookback_periods: "],
    ["momentum", { timeframe: "7m" }, "momentum: timeframe: not a followed timeframe"],
    ["moonshot", {}, "moonshot: unknown strategy, known are ema-cross, "],
  ])("refuses %s with %j", (id, parameters, message) => {
    expect(() => resolveStrategies(registry, [{ id, parameters }])).toThrow(message);
  });

  test("names everything that is wrong on one line", () => {
    const configs = [
      { id: "ema-cross", parameters: { fast_periods: 0, target_atr: -1 } },
      { id: "moonshot", parameters: {} },
    ];
    expect(() => resolveStrategies(registry, configs)).toThrow(
      /^[^\n]*fast_.*target_.*moonshot[^\n]*$/,
    );
  });

  test("refuses a strategy twice on a timeframe, and takes it on different ones", () => {
    const twice = (a: "1h" | "4h", b: "1h" | "4h") => () =>
      resolveStrategies(registry, [
        { id: "momentum", parameters: {}, timeframes: [a] },
        { id: "momentum", parameters: { lookback_periods: 5 }, timeframes: [b] },
      ]);

    expect(twice("1h", "1h")).toThrow("momentum: configured twice on 1h");
    const on = (timeframe: "4h" | "1d") =>
      strategiesOn(twice("1h", "4h")(), { pair: "BTC/USDT", timeframe });
    expect(on("4h")).toMatchObject([{ parameters: { lookback_periods: 5 } }]);
    expect(on("1d")).toEqual([]);
  });

  test("takes momentum's settings as the vault writes them", () => {
    const vault = { strategy_type: "momentum", timeframe: "1H", lookback_periods: 20 };

    expect(configured("momentum", vault)).toMatchObject([{ parameters: { timeframe: "1h" } }]);
  });

  test("keeps momentum silent on other timeframes than its own", () => {
    const candles = walk(1_000, { seed: 4 });

    expect(wishes(configured("momentum", { timeframe: "4h" }), [], candles)).toEqual([]);
    expect(wishes(configured("momentum", { timeframe: "H1" }), [], candles)).not.toEqual([]);
  });

  test("refuses two strategies of one id", () => {
    expect(() => new StrategyRegistry([...builtInStrategies, ...builtInStrategies])).toThrow(
      "two strategies are named ema-cross",
    );
  });
});
