import { describe, expect, test } from "vitest";
import type { Candle } from "../../../src/market/candle.ts";
import { marketTruth } from "../../kit/market-truth.ts";
import { compare, type Row } from "../kit/soak/survey.ts";

const MINUTE_MS = 60_000;
const FROM_MS = Date.UTC(2026, 0, 5, 12);
const COUNT = 30;
const DUE = { fromMs: FROM_MS, atMs: FROM_MS + (COUNT - 1) * MINUTE_MS };

const market = marketTruth("surveyed");
const truth = (at: number): Candle => market("BTC/USDT", "1m", at);
const NONE: ReadonlyMap<number, string> = new Map();

/** The open time of the n-th candle that is due: the first one closes as the run begins. */
const openTimeOf = (n: number): number => FROM_MS + (n - 1) * MINUTE_MS;

const ROWS: readonly Row[] = Array.from({ length: COUNT }, (_, n) => {
  const { openTime, ...figures } = truth(openTimeOf(n));
  return { at: openTime, ...figures };
});

const without = (n: number): Row[] => ROWS.filter(({ at }) => at !== openTimeOf(n));

describe("the survey of a series", () => {
  test("finds nothing where all is stored as the market made it", () => {
    expect(compare("1m", ROWS, NONE, truth, DUE)).toEqual({
      lost: [],
      open: [],
      wrong: [],
      empty: 0,
    });
  });

  test.each([
    ["first", 0],
    ["middle", 14],
    ["newest", COUNT - 1],
  ])("finds the %s candle lost where it is neither stored nor a gap", (_, n) => {
    expect(compare("1m", without(n), NONE, truth, DUE).lost).toEqual([openTimeOf(n)]);
  });

  test("takes a series without any candle for wholly lost", () => {
    expect(compare("1m", [], NONE, truth, DUE).lost).toHaveLength(COUNT);
  });

  test("does not take for lost what is a gap, and tells one that may still be filled", () => {
    const pending = compare("1m", without(9), new Map([[openTimeOf(9), "missing"]]), truth, DUE);
    const empty = compare("1m", without(9), new Map([[openTimeOf(9), "empty"]]), truth, DUE);

    expect(pending).toMatchObject({ lost: [], open: [openTimeOf(9)] });
    expect(empty).toMatchObject({ lost: [], open: [], empty: 1 });
  });

  test.each(["open", "high", "low", "close", "volume"] as const)(
    "finds a candle whose %s is not the market's",
    (figure) => {
      const rows = ROWS.map((row, n) => (n === 5 ? { ...row, [figure]: row[figure] + 1 } : row));

      expect(compare("1m", rows, NONE, truth, DUE).wrong).toEqual([openTimeOf(5)]);
    },
  );

  test("expects nothing that has yet to close", () => {
    const later = { ...DUE, atMs: DUE.atMs + MINUTE_MS - 1 };

    expect(compare("1m", ROWS, NONE, truth, later).lost).toEqual([]);
  });
});
