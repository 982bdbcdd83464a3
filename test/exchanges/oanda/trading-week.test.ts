import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isInTradingWeek } from "../../../src/exchanges/oanda/trading-week.ts";

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(`${text}:00Z`);
const isOpenFor = (atMs: number): boolean => isInTradingWeek(atMs, atMs + 1);

describe("the trading week of currencies", () => {
  test.each([
    ["winter", "2026-01-09T22:00", "2026-01-11T22:00"],
    ["summer", "2026-07-10T21:00", "2026-07-12T21:00"],
    [
      "the weekend on which New York puts its clocks forward",
      "2026-03-06T22:00",
      "2026-03-08T21:00",
    ],
    ["the weekend on which New York puts them back", "2026-10-30T21:00", "2026-11-01T22:00"],
    ["the weekend on which only Europe puts them forward", "2026-03-27T21:00", "2026-03-29T21:00"],
  ])("ends and begins at 17:00 in New York, in %s", (_season, end, start) => {
    expect([at(end) - 1, at(end), at(start) - 1, at(start)].map(isOpenFor)).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test("is open all through the days between", () => {
    for (let atMs = at("2026-01-11T22:00"); atMs < at("2026-01-16T22:00"); atMs += HOUR) {
      expect(isOpenFor(atMs)).toBe(true);
    }
  });

  test("has some of a span as soon as it has one moment of it", () => {
    const anyHour = fc
      .integer({ min: 0, max: 24 * 365 })
      .map((n) => at("2026-01-01T00:00") + n * HOUR);
    fc.assert(
      fc.property(anyHour, fc.integer({ min: 1, max: 24 * 8 }), (fromMs, hours) => {
        const moments = Array.from({ length: hours }, (_, i) => fromMs + i * HOUR);
        return isInTradingWeek(fromMs, fromMs + hours * HOUR) === moments.some(isOpenFor);
      }),
    );
  });

  test("has nothing of a Saturday, two hours of a Sunday in winter, and something of every week", () => {
    const day = (text: string): boolean => isInTradingWeek(at(text), at(text) + 24 * HOUR);
    expect([day("2026-01-10T00:00"), day("2026-01-11T00:00")]).toEqual([false, true]);
    const week = at("2026-01-05T00:00");
    expect(isInTradingWeek(week, week + 7 * 24 * HOUR)).toBe(true);
  });
});
