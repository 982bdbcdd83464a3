import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createIndicators } from "../../src/indicators/create.ts";
import type { Candle } from "../../src/market/candle.ts";
import { fromCloses, walk } from "../kit/candles.ts";
import { CASES, distance } from "./cases.ts";

const make = createIndicators();

describe("an indicator", () => {
  const never = [Number.NaN, Number.POSITIVE_INFINITY, -1, undefined, null, "100"];
  const attacks = [
    ...["open", "high", "low", "close"].flatMap((field) =>
      [...never, 0, 1e200].map((value) => ({ [field]: value })),
    ),
    ...never.map((volume) => ({ volume })),
  ];

  test.each(CASES)("$name refuses unsound candles and goes on as if none had come", ({ start }) => {
    const [clean, attacked] = [start(), start()];
    walk(80, { seed: 8 }).forEach((candle, i) => {
      const broken = { ...candle, ...attacks[i % attacks.length] } as unknown as Candle;
      expect(() => attacked.next(broken)).toThrow(RangeError);
      expect(distance(attacked.next(candle), clean.next(candle))).toBe(0);
    });
  });

  test.each(CASES)("$name answers finite figures only, whatever the market does", ({ start }) => {
    const price = fc.oneof(fc.constant(100), fc.double({ min: 1e-8, max: 1e8, noNaN: true }));
    const isFinite = (value: unknown): boolean =>
      typeof value === "number"
        ? Number.isFinite(value)
        : Object.values(value ?? {}).every(isFinite);
    fc.assert(
      fc.property(fc.array(price, { minLength: 30, maxLength: 90 }), (closes) => {
        const indicator = start();
        const values = fromCloses(closes).map((candle) => indicator.next(candle));
        return values.every((value) => value === undefined || isFinite(value));
      }),
      { numRuns: 40 },
    );
  });

  test.each([0, -3, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "14", undefined])(
    "is not made with a period of %s",
    (period) => {
      const n = period as number;
      const makers = [
        () => make.sma(n),
        () => make.ema(n),
        () => make.rsi(n),
        () => make.macd(n, 26, 9),
        () => make.macd(12, n, 9),
        () => make.macd(12, 26, n),
        () => make.bollinger(n, 2),
        () => make.atr(n),
        () => make.adx(n),
        () => make.stochastic(n, 3),
        () => make.stochastic(14, n),
        () => make.roc(n),
      ];
      for (const maker of makers) expect(maker).toThrow(RangeError);
    },
  );

  test("is not made with senseless shapes", () => {
    expect(() => make.macd(26, 12, 9)).toThrow(/must be below slow/);
    expect(() => make.bollinger(20, 0)).toThrow(/deviations/);
    expect(() => make.bollinger(20, Number.NaN)).toThrow(/deviations/);
  });
});

describe("in a flat market", () => {
  const frozen = fromCloses(Array.from({ length: 60 }, () => 100));

  test("RSI, ADX and stochastic have no value, the others have theirs", () => {
    const last = (indicator: { next(c: Candle): unknown }): unknown =>
      frozen.map((candle) => indicator.next(candle)).at(-1);

    expect(last(make.rsi(14))).toBeUndefined();
    expect(last(make.adx(14))).toBeUndefined();
    expect(last(make.stochastic(14, 3))).toBeUndefined();
    expect(last(make.sma(20))).toBe(100);
    expect(last(make.ema(20))).toBe(100);
    expect(last(make.atr(14))).toBe(0);
    expect(last(make.roc(10))).toBe(0);
    expect(last(make.macd(12, 26, 9))).toEqual({ macd: 0, signal: 0, histogram: 0 });
    expect(last(make.bollinger(20, 2))).toEqual({ lower: 100, middle: 100, upper: 100 });
  });

  // The library's own ADX stays at NaN for ever after such a start.
  test.each(CASES)("$name comes alive once it moves", ({ start }) => {
    const lively = walk(60, { seed: 9, price: 100, startMs: Date.UTC(2026, 0, 8) });
    const indicator = start();

    const values = [...frozen, ...lively].map((candle) => indicator.next(candle));

    expect(values.at(-1)).toBeDefined();
  });

  test("stochastic has no value while a flat window is still part of d", () => {
    const indicator = make.stochastic(3, 2);
    const closes = [10, 11, 12, 12, 12, 12, 13, 14];
    const flat = closes.map((close, openTime) => {
      return { openTime, open: close, high: close, low: close, close, volume: 1 };
    });

    const defined = flat.map((candle) => indicator.next(candle) !== undefined);

    expect(defined).toEqual([false, false, false, true, false, false, false, true]);
  });

  test("ADX begins anew after the sums of a dead market have faded to nothing", () => {
    const indicator = make.adx(2);
    const dead = fromCloses(Array.from({ length: 3_000 }, () => 50));
    for (const candle of [...walk(20, { seed: 2 }), ...dead]) indicator.next(candle);

    const values = walk(40, { seed: 3 }).map((candle) => indicator.next(candle));

    expect(values.at(-1)).toBeDefined();
  });
});
