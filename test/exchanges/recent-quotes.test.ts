import { describe, expect, test } from "vitest";
import { kraken } from "../../src/exchanges/ccxt/venues/kraken.ts";
import { createLimiter } from "../../src/exchanges/limiter/limiter.ts";
import { PRIORITY, type Quote } from "../../src/exchanges/port.ts";
import { RecentQuotes } from "../../src/exchanges/recent-quotes.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const quote = (pair: string): Quote => ({ pair, bid: "1", ask: "2", at: 0 });

/** Quotes of a venue that takes a request a second, or ten times as many. */
function setUp({ perMinute = 60 } = {}) {
  const clock = new ManualClock(0);
  const recent = new RecentQuotes(clock, { budget: perMinute, windowMs: MINUTE_MS }, 1);
  const keep = (...pairs: string[]): Promise<readonly Quote[]> =>
    recent.keep(pairs, async () => pairs.filter((pair) => pair !== "NONE").map(quote));
  return { clock, recent, keep };
}

describe("quotes of a moment ago", () => {
  test("are given for four times as long as one request takes of the budget", async () => {
    for (const [perMinute, lifeMs] of [
      [60, 4_000],
      [600, 400],
    ] as const) {
      const { clock, recent, keep } = setUp({ perMinute });
      await keep("A", "B");

      await clock.advance(lifeMs - 1);
      const before = recent.of(["B", "A"]);
      await clock.advance(1);

      expect(before?.map(({ pair }) => pair)).toEqual(["B", "A"]);
      expect(recent.of(["A"])).toBeUndefined();
    }
  });

  test("are given only when each pair was asked for, one without a quote included", async () => {
    const { recent, keep } = setUp();
    await keep("A", "NONE");

    expect(recent.of(["A", "NONE"])).toEqual([quote("A")]);
    expect(recent.of(["A", "C"])).toBeUndefined();
    expect(recent.of([])).toEqual([]);
  });

  test("are as old as the question, and a question that failed is none", async () => {
    const { clock, recent } = setUp();
    let answer: (quotes: readonly Quote[]) => void = () => {};
    const asked = recent.keep(["A"], () => new Promise((resolve) => (answer = resolve)));
    await clock.advance(4_000);
    answer([quote("A")]);
    await asked;

    const failed = recent.keep(["B"], () => Promise.reject(new Error("no answer")));

    await expect(failed).rejects.toThrow("no answer");
    expect([recent.of(["A"]), recent.of(["B"])]).toEqual([undefined, undefined]);
  });

  test("leave kraken's candles their requests, though what is held is looked at twice a second", async () => {
    const clock = new ManualClock(0);
    const deps = { exchange: "kraken", clock, random: () => 0.5 };
    const limiter = createLimiter(deps, kraken.limits);
    const recent = new RecentQuotes(clock, kraken.limits, kraken.weights.quotes);
    const terms = { weight: 1, priority: PRIORITY.quote };
    let [looks, asked, candles] = [0, 0, 0];
    let isLooking = false;
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      looks += 1;
      const ask = async (): Promise<readonly Quote[]> => {
        asked += 1;
        return [quote("A")];
      };
      if (recent.of(["A"]) === undefined) {
        await recent.keep(["A"], () => limiter.run(terms, ask));
      }
      isLooking = false;
    };
    for (let n = 0; n < 20 * 60; n += 1) {
      void look();
      // Twenty pairs in 1m: each close asks for all of them.
      for (let pair = 0; n % 120 === 0 && pair < 20; pair += 1) {
        void limiter.run({ weight: 1, priority: PRIORITY.candle }, async () => (candles += 1));
      }
      await clock.advance(500);
    }

    expect(candles).toBe(200);
    expect(asked).toBeGreaterThan(100);
    expect(looks).toBeGreaterThan(5 * asked);
    limiter.close();
  });
});
