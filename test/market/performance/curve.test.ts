import { describe, expect, test } from "vitest";
import { curveOf, DAY_MS } from "../../../src/market/performance/equity-curve.ts";
import { PERIODS, periodStart } from "../../../src/market/performance/period.ts";
import { twoSidedPValue } from "../../../src/market/performance/student-t.ts";
import { BEGIN, days, ELEVEN, figures } from "./kit.ts";

const NOON = BEGIN + 3.5 * DAY_MS;
const four = days(1_000, [1_010, 1_020, 1_030, 1_040]);
const worths = (from: number, to: number, of = four) =>
  curveOf(of, from, to)?.points.map(({ equity }) => equity);

describe("the curve of an account's worth", () => {
  test("opens with the last close at or before the period, and ends with the last mark", () => {
    expect(worths(BEGIN + 2 * DAY_MS, NOON)).toEqual([1_020, 1_030, 1_040]);
    expect(worths(BEGIN + 2.5 * DAY_MS, NOON)).toEqual([1_020, 1_030, 1_040]);
    expect(curveOf(four, BEGIN, NOON)?.points.at(-1)).toEqual({ at: NOON, equity: 1_040 });
  });

  test("begins with the account when that is younger than the period", () => {
    expect(worths(BEGIN - 30 * DAY_MS, NOON)).toEqual([1_000, 1_010, 1_020, 1_030, 1_040]);
  });

  test("keeps the worth of the day before on a day that nobody marked", () => {
    const gappy = four.filter((_, i) => i !== 1 && i !== 3);

    expect(worths(BEGIN, NOON, gappy)).toEqual([1_000, 1_010, 1_010, 1_030, 1_030]);
    expect(worths(BEGIN + 20 * DAY_MS, BEGIN + 22 * DAY_MS)).toEqual([1_040, 1_040, 1_040]);
  });

  test("takes days in any order, and none that come later", () => {
    expect(worths(BEGIN, NOON, four.toReversed())).toEqual(worths(BEGIN, NOON));
    expect(worths(BEGIN, BEGIN + 2 * DAY_MS)).toEqual([1_000, 1_010, 1_020]);
  });

  test("is none without a day", () => {
    expect(curveOf([], BEGIN, NOON)).toBeNull();
  });

  test("takes a deposit for no gain, and a withdrawal for no loss", () => {
    // Ten percent a day; 500 are brought in on the second day, 1,000 taken out on the third.
    const moved = days(1_000, [1_100, 1_710, 881]).map((one, i) => ({
      ...one,
      flow: ["0", "500", "-1000"][i] ?? "0",
    }));

    const found = figures([], moved);

    expect(found.get("hub.total_return")?.value).toBeCloseTo(1.1 ** 3 - 1, 12);
    expect(found.get("hub.max_drawdown")?.value).toBe(0);
  });
});

describe("a period", () => {
  test.each([
    ["24h", 1],
    ["7d", 7],
    ["30d", 30],
    ["90D ", 90],
    ["1y", 365],
    ["2w", 14],
    ["", 30],
    ["0d", 30],
    ["-3d", 30],
    ["d", 30],
    ["1e3d", 30],
    ["30d30d", 30],
  ])("%j began %d days ago", (period, length) => {
    expect(periodStart(period, NOON, BEGIN)).toBe(NOON - length * DAY_MS);
  });

  test("of all begins with what is known, and no length leads out of time", () => {
    expect(periodStart("all", NOON, BEGIN)).toBe(BEGIN);
    expect(periodStart("all", NOON, NOON + 5)).toBe(NOON);
    expect(periodStart("99999y", NOON, BEGIN)).toBe(0);
    for (const period of PERIODS) expect(periodStart(period, NOON, BEGIN)).toBeLessThan(NOON);
  });
});

describe("Student's distribution", () => {
  test.each([
    // Of tables; the first is a half circle's share, the last nearly a normal distribution.
    [1, 1, 0.5],
    [12.706_204_736, 1, 0.05],
    [2.228_138_852, 10, 0.05],
    [3.169_272_667, 10, 0.01],
    [1.959_963_985, 1e7, 0.05],
    [0, 7, 1],
  ])("lies beyond %d with %d degrees as often as %d", (t, degrees, expected) => {
    expect(twoSidedPValue(t, degrees)).toBeCloseTo(expected, 6);
    expect(twoSidedPValue(-t, degrees)).toBeCloseTo(expected, 6);
  });
});

test("one open position that is marked down changes no figure of closed trades", () => {
  const before = figures(ELEVEN, days(1_000, Array(30).fill(1_000)));
  const after = figures(ELEVEN, days(1_000, Array(30).fill(500)));

  expect(after.get("hub.profit_factor")).toEqual(before.get("hub.profit_factor"));
});
