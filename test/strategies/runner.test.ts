import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FailureError } from "../../src/runtime/errors.ts";
import type { StrategyRunner } from "../../src/strategies/runner.ts";
import type { Strategy, StrategyView, Wish } from "../../src/strategies/strategy.ts";
import { walk } from "../kit/candles.ts";
import { configured, LIVELY, runnerOf } from "./world.ts";

const candles = walk(40, { seed: 31 });

const CONFIG = { name: "swing", version: 3, origin: "vault" } as const;

/** A runner with one strategy that answers as told, warm after three candles. */
function runnerWith(onCandle: (view: StrategyView) => unknown): StrategyRunner {
  const strategy: Strategy = {
    id: "probe",
    version: "7",
    summary: "Answers as it is told.",
    parameters: z.unknown(),
    warmup: () => 3,
    start: () => ({ onCandle: (view) => onCandle(view) as Wish | undefined }),
  };
  return runnerOf([{ strategy, parameters: {}, timeframes: ["1h"], config: CONFIG }]);
}
const always = (): Wish => ({ side: "sell", strength: 1, evidence: {} });
const advance = (runner: StrategyRunner, from: number, to: number): number[] =>
  candles.slice(from, to).map((candle) => runner.advance(candle).length);

describe("a strategy runner", () => {
  test("drops wishes until a strategy has seen its warm-up", () => {
    const runner = runnerWith(always);

    expect(runner.warm("probe")).toEqual({ warmup: 3, seen: 0, isWarm: false });
    expect(advance(runner, 0, 5)).toEqual([0, 0, 0, 1, 1]);
    expect(runner.warm("probe")).toEqual({ warmup: 3, seen: 5, isWarm: true });
  });

  test("wishes nothing while it loads, and is warm right after", () => {
    const runner = runnerWith(always);

    runner.load(candles.slice(0, 3));

    expect(runner.lastOpenTime).toBe(candles[2]?.openTime);
    expect(runner.advance(candles[3] as never)).toEqual([
      {
        side: "sell",
        strength: 1,
        evidence: {},
        strategy: "probe",
        strategyVersion: "7",
        config: CONFIG,
      },
    ]);
  });

  test("begins afresh with each load", () => {
    const runner = runnerWith(always);
    runner.load(candles);

    runner.load(candles.slice(0, 1));

    expect(runner.warm("probe").seen).toBe(1);
    expect(advance(runner, 1, 5)).toEqual([0, 0, 1, 1]);
  });

  test("refuses a candle that does not follow, and is unharmed by it", () => {
    const runner = runnerWith(always);
    runner.load(candles.slice(0, 5));

    for (const i of [0, 4, 6]) expect(() => advance(runner, i, i + 1)).toThrow(/does not follow/);
    expect(advance(runner, 5, 7)).toEqual([1, 1]);
  });

  test("goes on across candles that the venue confirmed to be empty", () => {
    const runner = runnerWith(always);
    runner.load([...candles.slice(0, 3), ...candles.slice(6, 8)]);

    expect(runner.advance(candles[10] as never, 2)).toHaveLength(1);
    expect(() => runner.advance(candles[13] as never, 1)).toThrow(RangeError);
  });

  test("refuses a history that is not in order", () => {
    const runner = runnerWith(always);

    expect(() => runner.load([...candles].reverse())).toThrow(/not in order/);
    expect(() => runner.load([...candles.slice(0, 2), ...candles.slice(1, 2)])).toThrow(RangeError);
  });

  test("shows a strategy what lies behind and nothing ahead", () => {
    const seen: unknown[] = [];
    const runner = runnerWith((view) => {
      seen.push([view.candleAt(0), view.candleAt(1), view.candleAt(-1), view.candleAt(0.5)]);
    });

    advance(runner, 0, 2);

    expect(seen).toEqual([
      [candles[0], undefined, undefined, undefined],
      [candles[1], candles[0], undefined, undefined],
    ]);
  });

  test("asks for enough history to warm all up and to fill the window", () => {
    expect(runnerOf(LIVELY).needed).toBe(500);
    expect(runnerOf(configured("ema-cross", { slow_periods: 200 })).needed).toBeGreaterThan(1_500);
  });

  test("names strategy, series and candle when a strategy throws, and does not feed it twice", () => {
    const runner = runnerWith(() => {
      throw new Error("division by a sheep");
    });

    expect(() => advance(runner, 0, 1)).toThrow(FailureError);
    expect(() => advance(runner, 0, 1)).toThrow(/does not follow/);
    expect(() => advance(runner, 1, 2)).toThrow(
      `strategy probe on binance:BTC/USDT:1h at ${candles[1]?.openTime}: division by a sheep`,
    );
  });

  test.each([
    [7, "must be an object"],
    [{ side: "hold", strength: 1, evidence: {} }, "side must be"],
    [{ side: "buy", strength: Number.NaN, evidence: {} }, "strength must"],
    [{ side: "buy", strength: 2, evidence: {} }, "strength must"],
    [{ side: "buy", strength: 1, evidence: {}, stopLoss: 29_000 }, "stopLoss must"],
    [{ side: "buy", strength: 1, evidence: {}, takeProfit: "1e3" }, "takeProfit must"],
    [{ side: "buy", strength: 1 }, "evidence must"],
    [{ side: "buy", strength: 1, evidence: { rsi: Number.NaN } }, "evidence.rsi must"],
  ])("refuses the wish %j", (wish, why) => {
    expect(() =>
      advance(
        runnerWith(() => wish),
        0,
        1,
      ),
    ).toThrow(why);
  });

  test("knows nothing of strategies that do not run in it", () => {
    expect(() => runnerOf([]).warm("ema-cross")).toThrow(RangeError);
  });
});
