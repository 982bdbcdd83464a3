import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createIndicators } from "../../src/indicators/create.ts";
import type { Candle } from "../../src/market/candle.ts";
import { recorded, walk } from "../kit/candles.ts";
import { candleAt } from "../kit/fake-market.ts";
import { CASES, type Case, distance } from "./cases.ts";

const TOLERANCE = 1e-9;
const golden = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../golden/indicators/${file}`, import.meta.url), "utf8"));

/** Compares a streamed indicator with its textbook at every n-th candle. */
function worstError(
  { start, reference, unit }: Case,
  candles: readonly Candle[],
  every: number,
): number {
  const indicator = start();
  let worst = 0;
  candles.forEach((candle, i) => {
    const value = indicator.next(candle);
    if (i % every !== 0 && i !== indicator.lookback) return;
    const scale = unit === "price" ? candle.close : 100;
    worst = Math.max(worst, distance(value, reference(candles.slice(0, i + 1))) / scale);
  });
  return worst;
}

describe("indicator values", () => {
  const markets: Record<string, Candle[]> = {
    "a lively market": walk(320, { seed: 3 }),
    "a coin at 0.00001": walk(320, { seed: 4, price: 1e-5 }),
    "a thin market, 40 % without trades": walk(320, { seed: 5, flatFraction: 0.4 }),
  };
  for (const [market, candles] of Object.entries(markets)) {
    test.each(CASES)(`$name follows its textbook in ${market}`, (example) => {
      expect(worstError(example, candles, 11)).toBeLessThan(TOLERANCE);
    });
  }

  const recording = recorded("BTC_USDT-1h-20230401");
  test.skipIf(recording === undefined).each(CASES)(
    "$name follows its textbook on recorded candles",
    (example) => {
      expect(worstError(example, recording ?? [], 37)).toBeLessThan(TOLERANCE);
    },
  );

  test.each(CASES)("$name begins right after its lookback", ({ start }) => {
    const indicator = start();
    const candles = walk(120, { seed: 6 });

    const first = candles.findIndex((candle) => indicator.next(candle) !== undefined);

    expect(first).toBe(indicator.lookback);
  });
});

interface ByHand {
  readonly closes?: readonly number[];
  readonly candles?: readonly (readonly [number, number, number])[];
  readonly values: readonly unknown[];
}

describe("golden values", () => {
  const cases = Object.entries(golden("by-hand.json") as Record<string, ByHand>);
  test.each(cases)("%s is as worked out by hand", (name, { closes, candles, values }) => {
    const rows = candles ?? closes?.map((close) => [close, close, close] as const) ?? [];
    const match = /^(\w+)\(([\d,]+)\)$/.exec(name);
    const make = createIndicators() as unknown as Record<
      string,
      (...args: number[]) => { next(candle: Candle): unknown }
    >;
    const indicator = make[match?.[1] ?? ""]?.(...(match?.[2] ?? "").split(",").map(Number));

    const streamed = rows.map(([high, low, close], openTime) =>
      indicator?.next({ openTime, open: close, high, low, close, volume: 1 }),
    );

    const errors = streamed.map((value, i) => distance(value, values[i]));
    expect(Math.max(...errors)).toBeLessThan(1e-12);
  });
});

describe("the relative strength index", () => {
  test("never leaves 0 to 100, in a market that only rose and then stood still neither", () => {
    const closes = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 16 });
    fc.assert(
      fc.property(closes, (drawn) => {
        const index = createIndicators().rsi(14);
        const rising = drawn.toSorted((a, b) => a - b);
        const still = Array.from({ length: 9 }, () => rising.at(-1) ?? 1);
        const values = [...rising, ...still].map((close, n) =>
          index.next(candleAt(n * 60_000, close)),
        );

        expect(
          values.filter((value) => value !== undefined && !(value >= 0 && value <= 100)),
        ).toEqual([]);
      }),
    );
  });
});
