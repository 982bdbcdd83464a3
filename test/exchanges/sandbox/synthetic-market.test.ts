import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinBars } from "../../../src/exchanges/sandbox/bar.ts";
import { listBars } from "../../../src/exchanges/sandbox/bar-list.ts";
import type { Bar, Listing } from "../../../src/exchanges/sandbox/market.ts";
import { SyntheticMarket } from "../../../src/exchanges/sandbox/synthetic/synthetic-market.ts";
import { openTimeAt, TIMEFRAMES, timeframeMs } from "../../../src/market/timeframe.ts";
import { NOW } from "./kit/world.ts";

const MINUTE = 60_000;
const FIRST = Date.UTC(2018, 0, 1);

const market = new SyntheticMarket("tests");
const instants = fc.integer({ min: FIRST, max: NOW });
const pairs = fc.constantFrom(...market.listings);
const timeframes = fc.constantFrom(...TIMEFRAMES);

function pair(of: SyntheticMarket, symbol: string): Listing {
  const found = of.listings.find((listing) => listing.symbol === symbol);
  if (found === undefined) throw new Error(symbol);
  return found;
}

/** The candle that contains an instant, when it is long closed. */
function closedBar(
  of: SyntheticMarket,
  listing: Listing,
  timeframe: (typeof TIMEFRAMES)[number],
  atMs: number,
) {
  const openTime = openTimeAt(timeframe, atMs);
  const bar = of.barOver(listing, openTime, openTime + timeframeMs(timeframe));
  if (bar === undefined) throw new Error("no bar");
  return bar;
}

describe("a synthetic market", () => {
  test("is the same in a fresh instance, whatever was asked in which order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(pairs, timeframes, instants), { maxLength: 6 }), (asked) => {
        const fresh = new SyntheticMarket("tests", { extraSymbols: 3 });
        const ask = (of: SyntheticMarket, order: typeof asked) =>
          new Map(
            order.map(([{ symbol }, tf, at]) => [
              `${symbol} ${tf} ${at}`,
              closedBar(of, pair(of, symbol), tf, at),
            ]),
          );
        const forwards = ask(market, asked);
        for (const [key, bar] of ask(fresh, asked.toReversed())) {
          expect(forwards.get(key)).toEqual(bar);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("stays what it was when it is made again in another process or release", () => {
    const figures = (["1m", "1h", "1d"] as const).map((timeframe) => {
      const bar = closedBar(market, pair(market, "BTCUSDT"), timeframe, Date.UTC(2025, 4, 5, 6, 7));
      return [bar.open, bar.high, bar.low, bar.close, bar.volume].join(" ");
    });
    // A change of these numbers changes every user's market: it needs a line in the change log.
    expect(figures).toMatchInlineSnapshot(`
      [
        "6235661 6238978 6234237 6234850 633755",
        "6217146 6269087 6214900 6264549 49760306",
        "6275319 6494355 6148814 6230759 2449252936",
      ]
    `);
  });

  test("differs by seed and by pair", () => {
    const other = new SyntheticMarket("another");
    const at = Date.UTC(2026, 1, 2, 3, 4);

    const here = closedBar(market, pair(market, "BTCUSDT"), "1m", at);
    const there = closedBar(other, pair(other, "BTCUSDT"), "1m", at);

    expect(there.close).not.toBe(here.close);
  });

  test("has sound minutes that join without a jump", () => {
    fc.assert(
      fc.property(pairs, instants, (listing, at) => {
        const from = openTimeAt("1m", at);
        const bars = [0, 1, 2].map((i) => closedBar(market, listing, "1m", from + i * MINUTE));
        bars.forEach((bar, i) => {
          expect(bar.low > 0n && bar.low <= bar.open && bar.low <= bar.close).toBe(true);
          expect(bar.high >= bar.open && bar.high >= bar.close).toBe(true);
          expect(bar.volume >= 0n).toBe(true);
          expect(bar.open).toBe(i === 0 ? bar.open : bars[i - 1]?.close);
        });
      }),
    );
  });

  test("has longer candles that are exactly the sum of their minutes, weeks included", () => {
    fc.assert(
      fc.property(pairs, timeframes, instants, (listing, timeframe, at) => {
        const whole = closedBar(market, listing, timeframe, at);
        expect(sumOfMinutes(listing, whole.openTime, timeframeMs(timeframe))).toEqual(whole);
      }),
      { numRuns: 40, examples: [[pair(market, "DOGEUSDT"), "1w", NOW - 30 * 86_400_000]] },
    );
  });

  test("opens its weeks on Monday", () => {
    const weeks = listBars(market, pair(market, "BTCUSDT"), { timeframe: "1w", limit: 20 }, NOW);

    expect(new Set(weeks.map((bar) => new Date(bar.openTime).getUTCDay()))).toEqual(new Set([1]));
  });

  test("lists further pairs on request, which do not depend on how many", () => {
    const few = new SyntheticMarket("tests", { extraSymbols: 2 });
    const many = new SyntheticMarket("tests", { extraSymbols: 1_000 });

    expect(many.listings).toHaveLength(1_012);
    expect(pair(many, "S1000USDT").base).toBe("S1000");
    expect(closedBar(many, pair(many, "S0002USDT"), "5m", NOW - 10 * MINUTE)).toEqual(
      closedBar(few, pair(few, "S0002USDT"), "5m", NOW - 10 * MINUTE),
    );
  });

  test("answers a poll of a thousand pairs in a moment once their hour is made", () => {
    const many = new SyntheticMarket("tests", { extraSymbols: 1_000 });
    const poll = (nowMs: number) =>
      many.listings.map((listing) => listBars(many, listing, { timeframe: "1m", limit: 5 }, nowMs));
    poll(NOW);

    const before = performance.now();
    const answers = poll(NOW + MINUTE);

    // Some ten milliseconds; the bound leaves room for a busy machine.
    expect(performance.now() - before).toBeLessThan(500);
    expect(answers.every((bars) => bars.length === 5)).toBe(true);
  });

  test("moves enough for averages to cross several times a day, and not wildly", () => {
    for (const listing of market.listings) {
      const bars = listBars(market, listing, { timeframe: "1m", limit: 1_440 }, NOW);
      const closes = bars.map((bar) => Number(bar.close));
      expect(crossings(closes, 9, 21)).toBeGreaterThan(20);
      expect(Math.max(...closes) / Math.min(...closes)).toBeLessThan(1.6);
    }
  });
});

describe("a forming candle", () => {
  const elapsed = fc.array(fc.integer({ min: 0, max: MINUTE - 1 }), { minLength: 2, maxLength: 8 });

  test("grows inside the closed one and becomes it", () => {
    fc.assert(
      fc.property(pairs, timeframes, instants, elapsed, (listing, timeframe, at, moments) => {
        const closed = closedBar(market, listing, timeframe, at);
        const minute = openTimeAt("1m", at);
        let before: Bar = { ...closed, high: closed.open, low: closed.open, volume: 0n };
        for (const moment of [...moments].sort((a, b) => a - b)) {
          const now = minute + moment;
          const bar = listBars(market, listing, { timeframe, limit: 1 }, now)[0];
          if (bar === undefined) throw new Error("no forming bar");
          expect(bar).toMatchObject({ openTime: closed.openTime, open: closed.open });
          expect(bar.high <= closed.high && bar.low >= closed.low).toBe(true);
          expect(bar.volume <= closed.volume).toBe(true);
          expect(bar.close).toBe(market.priceAt(listing, now));
          expect(bar.high >= before.high && bar.low <= before.low).toBe(true);
          expect(bar.volume >= before.volume).toBe(true);
          before = bar;
        }
        const last = closed.openTime + timeframeMs(timeframe) - 1;
        expect(listBars(market, listing, { timeframe, limit: 1 }, last)[0]).toEqual(closed);
      }),
    );
  });

  test("is only its open at first", () => {
    const listing = pair(market, "BTCUSDT");
    const open = openTimeAt("1m", NOW);

    const [bar] = listBars(market, listing, { timeframe: "1m", limit: 1 }, open);

    expect(Number(bar?.volume)).toBeLessThan(
      Number(closedBar(market, listing, "1m", open).volume) / 1_000,
    );
    expect(Math.abs(Number(bar?.close) / Number(bar?.open) - 1)).toBeLessThan(0.000_1);
  });
});

function sumOfMinutes(listing: Listing, openTime: number, lengthMs: number): Bar | undefined {
  let sum: Bar | undefined;
  for (let at = openTime; at < openTime + lengthMs; at += MINUTE) {
    const minute = market.barOver(listing, at, at + MINUTE);
    if (minute === undefined) throw new Error("no minute");
    sum = sum === undefined ? minute : joinBars(sum, minute);
  }
  return sum;
}

function crossings(closes: readonly number[], fast: number, slow: number): number {
  const average = (length: number): number[] => {
    let value = closes[0] ?? 0;
    return closes.map((close) => (value += ((close - value) * 2) / (length + 1)));
  };
  const slowly = average(slow);
  const sides = average(fast).map((value, i) => value > (slowly[i] ?? 0));
  return sides.filter((side, i) => i > 0 && side !== sides[i - 1]).length;
}
