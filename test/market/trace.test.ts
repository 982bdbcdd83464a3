import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openTimeAt, TIMEFRAMES } from "../../src/market/timeframe.ts";
import { type Origin, originOf, traceIdOf } from "../../src/market/trace.ts";

const asset = fc.stringMatching(/^[A-Z0-9]{1,20}$/);
const origin = fc
  .record({
    exchange: fc.stringMatching(/^[a-z][a-z0-9]{1,31}$/),
    base: asset,
    quote: asset,
    timeframe: fc.constantFrom(...TIMEFRAMES),
    at: fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) }),
  })
  .map(({ exchange, base, quote, timeframe, at }) => ({
    series: { exchange, pair: `${base}/${quote}`, timeframe },
    openTime: openTimeAt(timeframe, at),
  }));

describe("a trace id", () => {
  test("is readable, and the same for the same candle wherever it is written", () => {
    const series = { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" } as const;
    const openTime = Date.UTC(2026, 10, 23, 14, 45);
    expect(traceIdOf({ series, openTime })).toBe("binance.BTC-USDT.15m.20261123T144500Z");
  });

  test("gives back its candle, whichever that is", () => {
    fc.assert(
      fc.property(origin, (one) => {
        expect(originOf(traceIdOf(one))).toEqual(one);
      }),
    );
  });

  test("is different for different candles", () => {
    const two = fc.uniqueArray(origin, { minLength: 2, maxLength: 2, selector: JSON.stringify });
    const distinct = (pair: readonly Origin[]) => {
      expect(new Set(pair.map(traceIdOf)).size).toBe(2);
    };
    fc.assert(fc.property(two, distinct));
  });

  test("stands in a URL as it is", () => {
    const isPlain = (one: Origin) => {
      const id = traceIdOf(one);
      expect(encodeURIComponent(id)).toBe(id);
    };
    fc.assert(fc.property(origin, isPlain));
  });

  test.each([
    ["nothing", ""],
    ["a word", "binance"],
    ["a timeframe nobody follows", "binance.BTC-USDT.7m.20261123T144500Z"],
    ["an instant between two candles", "binance.BTC-USDT.15m.20261123T144600Z"],
    ["a day that the calendar does not have", "binance.BTC-USDT.15m.20260231T144500Z"],
    ["a month that no year has", "binance.BTC-USDT.15m.20261323T144500Z"],
    ["an exchange in capitals", "Binance.BTC-USDT.15m.20261123T144500Z"],
    ["a candle with more behind it", "binance.BTC-USDT.15m.20261123T144500Z.x"],
  ])("is not %s", (_what, text) => {
    expect(originOf(text)).toBeUndefined();
  });
});
