import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  closeTimeOf,
  isOpenTime,
  isTimeframe,
  lastClosedOpenTime,
  nextCloseAfter,
  openTimeAt,
  parseTimeframe,
  TIMEFRAMES,
  timeframeMinutes,
  timeframeMs,
} from "../../src/market/timeframe.ts";

const instant = fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 });

describe.each(TIMEFRAMES)("the calendar of %s", (timeframe) => {
  const length = timeframeMs(timeframe);

  test("puts every instant into exactly one candle", () => {
    fc.assert(
      fc.property(instant, (at) => {
        const open = openTimeAt(timeframe, at);
        expect(open).toBeLessThanOrEqual(at);
        expect(closeTimeOf(timeframe, open)).toBeGreaterThan(at);
        expect(isOpenTime(timeframe, open)).toBe(true);
        expect(isOpenTime(timeframe, at)).toBe(at === open);
      }),
    );
  });

  test("lets candles follow one another without gap or overlap", () => {
    fc.assert(
      fc.property(instant, (at) => {
        const close = nextCloseAfter(timeframe, at);
        expect(close).toBeGreaterThan(at);
        expect(close - at).toBeLessThanOrEqual(length);
        expect(openTimeAt(timeframe, close)).toBe(close);
        expect(openTimeAt(timeframe, close - 1)).toBe(openTimeAt(timeframe, at));
        expect(nextCloseAfter(timeframe, close)).toBe(close + length);
      }),
    );
  });

  test("closes a candle at its close time and not a millisecond before", () => {
    fc.assert(
      fc.property(instant, (at) => {
        const close = nextCloseAfter(timeframe, at);
        expect(lastClosedOpenTime(timeframe, close)).toBe(close - length);
        expect(lastClosedOpenTime(timeframe, close - 1)).toBe(close - 2 * length);
      }),
    );
  });

  test("counts whole minutes", () => {
    expect(timeframeMinutes(timeframe) * 60_000).toBe(length);
  });
});

describe("the calendar", () => {
  test("opens weeks on Monday 00:00 UTC, before 1970 too", () => {
    fc.assert(
      fc.property(instant, (at) => {
        const open = new Date(openTimeAt("1w", at));
        expect(open.getUTCDay()).toBe(1);
        expect(open.toISOString()).toContain("T00:00:00.000Z");
      }),
    );
  });

  test("opens days at 00:00 UTC, and each shorter candle inside one longer", () => {
    fc.assert(
      fc.property(instant, (at) => {
        const opens = TIMEFRAMES.map((timeframe) => openTimeAt(timeframe, at));
        expect(new Date(openTimeAt("1d", at)).getUTCHours()).toBe(0);
        expect(opens).toEqual([...opens].sort((a, b) => b - a));
      }),
    );
  });
});

describe("reading a timeframe", () => {
  test.each(TIMEFRAMES)("knows %s, in either case and order", (timeframe) => {
    const [count, unit] = [timeframe.slice(0, -1), timeframe.slice(-1)];
    const forms = [timeframe, timeframe.toUpperCase(), `${unit}${count}`, ` ${count} ${unit} `];
    expect(forms.map(parseTimeframe)).toEqual(forms.map(() => timeframe));
    expect(isTimeframe(timeframe)).toBe(true);
  });

  test.each([
    ["60m", "1h"],
    ["H1", "1h"],
    ["D", "1d"],
    ["w", "1w"],
    ["M15", "15m"],
    ["7d", "1w"],
    ["24H", "1d"],
  ])("reads %s as %s", (written, timeframe) => {
    expect(parseTimeframe(written)).toBe(timeframe);
  });

  test.each(["", "2h", "0m", "1y", "h1h", "1", "-1h", "1.0h", "1h 1m", "toString"])(
    "does not know %j",
    (written) => {
      expect(parseTimeframe(written)).toBeUndefined();
      expect(isTimeframe(written)).toBe(false);
    },
  );
});
