import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextTry } from "../../../src/actors/harvester/retry-schedule.ts";
import { TIMEFRAMES, timeframeMs } from "../../../src/market/timeframe.ts";

describe("the schedule of retries", () => {
  test("waits 2, 5, 8, 15 and 15 seconds before the series counts as pending", () => {
    const head = [1, 2, 3, 4, 5].map((attempt) => nextTry("1h", attempt));

    expect(head).toEqual(
      [2_000, 5_000, 8_000, 15_000, 15_000].map((waitMs) => ({ waitMs, pending: false })),
    );
  });

  test.each([
    ["1m", 12],
    ["5m", 60],
    ["15m", 180],
    ["30m", 300],
    ["1h", 300],
    ["1w", 300],
  ] as const)("waits from then on for %s: %i seconds", (timeframe, seconds) => {
    const tail = fc.integer({ min: 6, max: 10_000 });
    fc.assert(
      fc.property(tail, (attempt) => {
        expect(nextTry(timeframe, attempt)).toEqual({ waitMs: seconds * 1_000, pending: true });
      }),
    );
  });

  test("makes its fast tries before the next close, whatever the timeframe", () => {
    const headMs = [1, 2, 3, 4, 5].reduce((sum, n) => sum + nextTry("1m", n).waitMs, 5_000);

    for (const timeframe of TIMEFRAMES) expect(headMs).toBeLessThan(timeframeMs(timeframe));
  });
});
