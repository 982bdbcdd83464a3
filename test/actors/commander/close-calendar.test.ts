import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type DueClose,
  dueCloses,
  toldAtJoining,
  waitForNextClose,
} from "../../../src/actors/commander/close-calendar.ts";
import {
  isOpenTime,
  TIMEFRAMES,
  type Timeframe,
  timeframeMs,
} from "../../../src/market/timeframe.ts";
import { NOON } from "../../kit/builders.ts";

const DELAY = 5_000;
const WEEK = timeframeMs("1w");
const anInstant = fc.integer({ min: NOON, max: NOON + 4 * WEEK });

/** Walks a clock along instants and writes down what it would be told at each. */
function walkAlong(instants: readonly number[], timeframes: readonly Timeframe[]) {
  const [first = NOON, ...rest] = instants;
  const told = new Map(timeframes.map((tf) => [tf, toldAtJoining(tf, first, DELAY)]));
  const rung: (DueClose & { readonly at: number })[] = [];
  for (const at of rest) {
    for (const close of dueCloses(timeframes, at, DELAY, told)) {
      told.set(close.timeframe, close.closeTime);
      rung.push({ ...close, at });
    }
  }
  return rung;
}

describe("the calendar of closes", () => {
  test("tells every close of a timeframe once and in order when it is asked often enough", () => {
    const steps = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(anInstant, fc.constantFrom(...TIMEFRAMES), steps, (start, timeframe, shares) => {
        const length = timeframeMs(timeframe);
        let at = start;
        const instants = [start, ...shares.map((share) => (at += Math.ceil(share * length)))];

        const rung = walkAlong(instants, [timeframe]).map((close) => close.closeTime);

        const expected: number[] = [];
        const first = toldAtJoining(timeframe, start, DELAY) + length;
        for (let close = first; close + DELAY <= at; close += length) expected.push(close);
        expect(rung).toEqual(expected);
      }),
    );
  });

  test("never tells a close before its delay, twice, or after a newer one, however the clock jumps", () => {
    const instants = fc.array(anInstant, { minLength: 2, maxLength: 40 });
    const some = fc.subarray([...TIMEFRAMES], { minLength: 1 });
    fc.assert(
      fc.property(instants, some, (clock, timeframes) => {
        const rung = walkAlong(clock, timeframes);

        for (const { timeframe, closeTime, at } of rung) {
          expect(isOpenTime(timeframe, closeTime)).toBe(true);
          expect(at - closeTime).toBeGreaterThanOrEqual(DELAY);
        }
        for (const timeframe of timeframes) {
          const closes = rung.filter((c) => c.timeframe === timeframe).map((c) => c.closeTime);
          expect(closes).toEqual([...new Set(closes)].toSorted((a, b) => a - b));
        }
      }),
    );
  });

  test("tells the short timeframes first when several close together", () => {
    const midnight = Date.UTC(2026, 0, 6);
    const told = new Map(TIMEFRAMES.map((tf) => [tf, toldAtJoining(tf, midnight - 1, 0)]));

    const due = dueCloses(TIMEFRAMES.toReversed(), midnight, 0, told);

    expect(due.map((close) => close.timeframe)).toEqual(TIMEFRAMES.filter((tf) => tf !== "1w"));
  });

  test("tells whoever joins late only what closes from then on", () => {
    const told = new Map<Timeframe, number>([["1h", toldAtJoining("1h", NOON + DELAY, DELAY)]]);

    expect(dueCloses(["1h"], NOON + DELAY, DELAY, told)).toEqual([]);
    expect(dueCloses(["1h"], NOON + 3_600_000 + DELAY, DELAY, told)).toHaveLength(1);
  });

  test("tells a close whose delay still runs to whoever joins within it", () => {
    const told = new Map<Timeframe, number>([["1h", toldAtJoining("1h", NOON + 1_000, DELAY)]]);

    expect(dueCloses(["1h"], NOON + DELAY, DELAY, told)).toEqual([
      { timeframe: "1h", closeTime: NOON },
    ]);
  });

  test("waits for the nearest close and its delay, and for nothing without timeframes", () => {
    expect(waitForNextClose(["1h", "15m"], NOON + DELAY, DELAY)).toBe(900_000);
    expect(waitForNextClose(["1h"], NOON, DELAY)).toBe(DELAY);
    expect(waitForNextClose([], NOON, DELAY)).toBeUndefined();
  });
});
