import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { livenessOf, type Progress } from "../../src/market/liveness.ts";
import { closeTimeOf, lastClosedOpenTime, TIMEFRAMES } from "../../src/market/timeframe.ts";

const GRACE_MS = 60_000;
const NOW = Date.UTC(2026, 2, 10, 12, 2, 30);
const MINUTE = 60_000;
const isAlwaysTraded: () => boolean = () => true;

function progress(over: Partial<Progress> = {}): Progress {
  const series = { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" } as const;
  return {
    series,
    stored: lastClosedOpenTime("1m", NOW),
    absent: undefined,
    isOwed: false,
    thinkingSince: undefined,
    followedSince: 0,
    ...over,
  };
}
const look = (all: readonly Progress[], nowMs = NOW, isTraded: () => boolean = isAlwaysTraded) =>
  livenessOf(all, { nowMs: () => nowMs, graceMs: GRACE_MS, isTraded });
/** The newest candle that has to be worked off at `NOW`. */
const DUE = lastClosedOpenTime("1m", NOW - GRACE_MS);

describe("a hub's liveness", () => {
  test("is healthy while every close that is due was worked off", () => {
    expect(look([progress(), progress({ stored: DUE })])).toEqual({
      state: "healthy",
      due: 2,
      late: [],
    });
  });

  test.each([
    ["was never stored", { stored: undefined }, "no-candle"],
    ["is not stored", { stored: DUE - MINUTE }, "no-candle"],
    ["is written down as a gap", { stored: DUE - MINUTE, absent: DUE, isOwed: true }, "gap"],
    ["has been with its analyst for too long", { thinkingSince: NOW - GRACE_MS }, "no-thought"],
  ] as const)("names a series whose candle %s, and since when", (_what, over, why) => {
    const { due, late } = look([progress(over), progress(), progress()]);

    expect([due, late.map((one) => [one.why, one.lateMs])]).toEqual([
      3,
      [[why, NOW - closeTimeOf("1m", DUE)]],
    ]);
  });

  test.each([
    ["did not trade at that time", progress({ stored: undefined }), false],
    ["is confirmed to be empty", progress({ stored: DUE - MINUTE, absent: DUE }), true],
    ["was added a moment ago", progress({ stored: undefined, followedSince: NOW - 1 }), true],
    ["is being thought about", progress({ thinkingSince: NOW - GRACE_MS + 1 }), true],
  ] as const)("holds nothing against a series that %s", (_what, one, trades) => {
    expect(look([one], NOW, () => trades)).toMatchObject({ state: "healthy", late: [] });
  });

  test("is degraded with one late series, and unhealthy when nobody works on half of them", () => {
    const good = progress();
    const idle = progress({ stored: undefined });
    const gap = progress({ stored: undefined, absent: DUE, isOwed: true });

    expect(look([good, good, idle]).state).toBe("degraded");
    expect(look([good, idle]).state).toBe("unhealthy");
    // An exchange that is away is nothing that a fresh start would help.
    expect(look([gap, gap]).state).toBe("degraded");
  });

  test("tells within one retry window that a worker stopped, in every timeframe", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TIMEFRAMES),
        fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2027, 0, 1) }),
        (timeframe, at) => {
          const stored = lastClosedOpenTime(timeframe, at);
          const series = { exchange: "binance", pair: "BTC/USDT", timeframe };
          const one = progress({ series, stored });
          const nextClose = closeTimeOf(timeframe, closeTimeOf(timeframe, stored));

          expect(look([one], nextClose + GRACE_MS - 1).late).toEqual([]);
          expect(look([one], nextClose + GRACE_MS).late).toHaveLength(1);
        },
      ),
    );
  });
});
