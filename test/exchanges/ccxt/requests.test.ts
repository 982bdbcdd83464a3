import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { type Clock, fastClock } from "../../../src/runtime/clock.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { recording } from "../contract/recorded-venue.ts";
import { openRecorded, RECORDED_AT, type RecordedWorld } from "../contract/recorded-world.ts";

let world: RecordedWorld;
const open = async (exchange: string, clock: Clock = new ManualClock(RECORDED_AT)) => {
  world = await openRecorded(exchange, clock);
  return world;
};
afterEach(async () => {
  await world.close();
});
const candles = { pair: "BTC/USDT", timeframe: "1m", limit: 5 } as const;

describe("what is asked of a venue", () => {
  test("binance: one request for the instruments, one for each call, and no more", async () => {
    const { market, venue } = await open("binance");
    await market.candles(candles);
    await market.quotes(["BTC/USDT", "ETH/USDT"]);
    await market.orderBook("BTC/USDT", 100);
    await market.candles({ ...candles, sinceMs: RECORDED_AT - 300_000, limit: 5_000 });
    expect(venue.asked).toEqual([
      "/api/v3/exchangeInfo?showPermissionSets=false",
      "/api/v3/klines?interval=1m&limit=5&symbol=BTCUSDT",
      '/api/v3/ticker/bookTicker?symbols=["BTCUSDT","ETHUSDT"]',
      "/api/v3/depth?symbol=BTCUSDT&limit=100",
      `/api/v3/klines?interval=1m&limit=1000&symbol=BTCUSDT&startTime=${RECORDED_AT - 300_000}`,
    ]);
  });

  test.each(["kraken", "bybit", "okx"])("%s: one request for the instruments", async (exchange) => {
    const { market, venue } = await open(exchange, fastClock(50, RECORDED_AT));
    await market.instruments();
    expect(venue.asked).toHaveLength(1);
  });

  test("bybit: a week from a Monday is not moved to the next Thursday", async () => {
    const { market, venue } = await open("bybit");
    const monday = Date.UTC(2025, 11, 1);
    await market.candles({ pair: "BTC/USDT", timeframe: "1w", sinceMs: monday, limit: 3 });
    const start = Number(/start=(\d+)/.exec(venue.asked.at(-1)!)?.[1]);
    expect(start).toBeLessThanOrEqual(monday);
    expect(monday - start).toBeLessThan(7 * 86_400_000);
  });

  test("okx: old candles are told from new ones by the venue's clock, not the machine's", async () => {
    const { market, venue } = await open("okx");
    await market.candles({ ...candles, sinceMs: RECORDED_AT - 3_600_000 });
    expect(venue.asked.at(-1)).toMatch(/^\/api\/v5\/market\/candles\?/);
    await market.candles({ ...candles, sinceMs: RECORDED_AT - 30 * 86_400_000 });
    expect(venue.asked.at(-1)).toMatch(/^\/api\/v5\/market\/history-candles\?/);
  });
});

describe("what an answer tells besides", () => {
  test("the weight used by all who share our address lowers what is left", async () => {
    const { market, venue } = await open("binance");
    await market.instruments();
    expect(market.budgetLeft()).toBeCloseTo(1 - 20 / 6_000);
    venue.headers["x-mbx-used-weight-1m"] = "3000";
    await market.candles(candles);
    expect(market.budgetLeft()).toBeCloseTo(0.5, 2);
  });

  test("a packed answer is unpacked", async () => {
    const { market, venue } = await open("binance");
    venue.fault = (path, response) => {
      if (!path.includes("klines")) return false;
      response.setHeader("content-encoding", "gzip");
      response.end(gzipSync(recording("binance", "klines-BTCUSDT")));
      return true;
    };
    expect((await market.candles(candles)).candles).toHaveLength(5);
  });

  test("a kept connection that the venue closed meanwhile costs nothing but another try", async () => {
    const { market, venue } = await open("binance");
    await market.instruments();
    let cut = 0;
    venue.fault = (path, response) => {
      if (!path.includes("klines") || cut++ > 0) return false;
      response.socket?.destroy();
      return true;
    };
    expect((await market.candles(candles)).candles).toHaveLength(5);
    expect(cut).toBe(2);
  });
});

describe("the venue's clock", () => {
  test("is the middle one of three readings, taken halfway between question and answer", async () => {
    const clock = new ManualClock(RECORDED_AT);
    const { market, venue } = await open("binance", clock);
    const delays = [1_000, 200, 5_000];
    const offset = 3_000;
    venue.fault = (path, response) => {
      if (!path.endsWith("/time")) return false;
      const delay = delays.shift() ?? 0;
      void (async () => {
        // All of the way there, none of the way back: the error is half of it.
        await clock.advance(delay);
        response.end(JSON.stringify({ serverTime: clock.nowMs() + offset }));
      })();
      return true;
    };
    expect(await market.measureClock()).toBe(offset + 500);
    expect(market.exchangeNowMs()).toBe(clock.nowMs() + offset + 500);
  });

  test("of whole seconds is taken to be half a second further", async () => {
    const { market } = await open("kraken", fastClock(50, RECORDED_AT));
    const offset = await market.measureClock();
    // The recording says the very start; the fast clock has gone on by at most what the calls took.
    expect(offset).toBeLessThanOrEqual(500);
  });
});

describe("closing", () => {
  test("ends what is under way and sends nothing more", async () => {
    const { market, venue } = await open("binance");
    await market.instruments();
    venue.fault = () => true;
    const asking = market.candles(candles).catch((thrown: unknown) => thrown);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await market.close();
    expect(await asking).toMatchObject({ fault: "transient" });
    const asked = venue.asked.length;
    await expect(market.candles(candles)).rejects.toMatchObject({ fault: "transient" });
    expect(venue.asked).toHaveLength(asked);
  });

  test("one caller who gives up does not take the instruments from another", async () => {
    const { market } = await open("binance");
    const abort = new AbortController();
    const mine = market.instruments({ signal: abort.signal });
    const yours = market.instruments();
    abort.abort(new Error("enough"));
    await expect(mine).rejects.toThrow("enough");
    expect(await yours).toHaveLength(3);
  });
});
