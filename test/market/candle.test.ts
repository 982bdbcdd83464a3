import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { candleFault, holes, isClosed, sameCandle } from "../../src/market/candle.ts";
import { TIMEFRAMES, timeframeMs } from "../../src/market/timeframe.ts";
import { walk } from "../kit/candles.ts";

const [candle = { openTime: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 }] = walk(1);

describe("a candle", () => {
  test.each(TIMEFRAMES)("from the kit is sound on %s", (timeframe) => {
    const faults = walk(50, { timeframe }).map((each) => candleFault(each, timeframe));
    expect(faults.every((fault) => fault === undefined)).toBe(true);
  });

  test.each([
    ["not-finite", { close: Number.NaN }],
    ["not-finite", { volume: Number.POSITIVE_INFINITY }],
    ["not-finite", { openTime: Number.NaN }],
    ["not-finite", { open: "30000" as unknown as number }],
    ["not-finite", { low: undefined as unknown as number }],
    ["not-positive", { low: 0 }],
    ["not-positive", { volume: -1 }],
    ["high-below-body", { high: candle.low }],
    ["low-above-body", { low: candle.high }],
    ["misaligned", { openTime: candle.openTime + 1 }],
  ] as const)("is %s with %j", (fault, over) => {
    expect(candleFault({ ...candle, ...over }, "1h")).toBe(fault);
  });

  test("may be flat and without volume", () => {
    const flat = { ...candle, open: 1, high: 1, low: 1, close: 1, volume: 0 };
    expect(candleFault(flat, "1h")).toBeUndefined();
  });

  test("is closed from its last instant on, by the exchange's clock", () => {
    const end = candle.openTime + timeframeMs("1h");
    expect([end - 1, end, end + 1].map((now) => isClosed(candle, "1h", now))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("is the same only with the same six figures", () => {
    expect(sameCandle(candle, { ...candle })).toBe(true);
    for (const field of ["openTime", "open", "high", "low", "close", "volume"] as const) {
      expect(sameCandle(candle, { ...candle, [field]: candle[field] + 1 })).toBe(false);
    }
  });
});

describe("holes", () => {
  test("are exactly the candles that were taken out between the first and the last", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TIMEFRAMES),
        fc.array(fc.boolean(), { minLength: 2, maxLength: 60 }),
        (timeframe, kept) => {
          const whole = walk(kept.length, { timeframe });
          const inner = (i: number): boolean => i > 0 && i < kept.length - 1;
          const left = whole.filter((_, i) => !inner(i) || kept[i]);
          const gone = whole.filter((_, i) => inner(i) && !kept[i]);

          expect(holes(left, timeframe)).toEqual(gone.map(({ openTime }) => openTime));
        },
      ),
    );
  });

  test("are none in nothing and in one candle", () => {
    expect([holes([], "1h"), holes([candle], "1h")]).toEqual([[], []]);
  });
});
