import { expect, test } from "vitest";
import { clockWaitMs } from "../../src/exchanges/clock-schedule.ts";
import { provenNow } from "../../src/exchanges/proven-now.ts";
import { NOON } from "../kit/builders.ts";
import { candleAt } from "../kit/fake-market.ts";

const MINUTE_MS = 60_000;
const rows = [candleAt(NOON - MINUTE_MS), candleAt(NOON)];

test("an exchange's clock that may be ahead counts no further than ours", () => {
  expect(provenNow(NOON + 25_000, NOON + 14_000, rows)).toBe(NOON + 14_000);
});

test("an exchange's clock that is behind ours counts as it is", () => {
  expect(provenNow(NOON + 14_000, NOON + 25_000, rows)).toBe(NOON + 14_000);
});

test("a candle that has opened proves the time where our own clock is far behind", () => {
  expect(provenNow(NOON + 25_000, NOON - 3_600_000, rows)).toBe(NOON);
  expect(provenNow(NOON + 25_000, NOON - 3_600_000, [])).toBe(NOON - 3_600_000);
});

test("a candle of the future proves nothing", () => {
  expect(provenNow(NOON - 5_000, NOON - 9_000, rows)).toBe(NOON - 5_000);
});

test("clocks that are apart, or were not compared, are soon compared again", () => {
  const [fine, ahead, behind, failed] = [900, 11_000, -11_000, undefined].map(clockWaitMs);

  expect([fine, ahead, behind, failed]).toEqual([600_000, 15_000, 15_000, 15_000]);
});
