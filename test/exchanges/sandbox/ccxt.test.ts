import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Binance, ccxtBinance } from "./kit/ccxt.ts";
import { NOW, openSandbox } from "./kit/world.ts";

const MINUTE = 60_000;

describe("ccxt's binance client, unmodified, on the sandbox", () => {
  let world: Awaited<ReturnType<typeof openSandbox>>;
  let client: Binance;

  beforeAll(async () => {
    world = await openSandbox();
    client = await ccxtBinance(world.sandbox.url);
  });
  afterAll(() => world.sandbox.close());

  test("reads the exchange's clock", async () => {
    expect(await client.fetchTime()).toBe(NOW);
  });

  test("loads all markets as active spot pairs with their steps", async () => {
    const markets = await client.loadMarkets();

    expect(Object.keys(markets)).toHaveLength(12);
    expect(markets["ETH/BTC"]).toBeDefined();
    expect(markets["BTC/USDT"]).toMatchObject({
      active: true,
      spot: true,
      precision: { price: 0.01, amount: 0.00001 },
      limits: { cost: { min: 5 } },
    });
  });

  test("loads chosen markets alone", async () => {
    const narrow = await ccxtBinance(world.sandbox.url);

    const markets = await narrow.loadMarkets(false, {
      symbols: '["BTCUSDT","ETHUSDT"]',
      showPermissionSets: "false",
    });

    expect(Object.keys(markets)).toEqual(["BTC/USDT", "ETH/USDT"]);
  });

  test.each(["1m", "5m", "15m", "30m", "1h", "4h", "1d", "1w"])(
    "gets sound %s candles",
    async (tf) => {
      const rows = (await client.fetchOHLCV("BTC/USDT", tf, undefined, 50)) as number[][];

      expect(rows).toHaveLength(50);
      for (const [, open = 0, high = 0, low = 0, close = 0, volume = 0] of rows) {
        expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
        expect(low).toBeLessThanOrEqual(Math.min(open, close));
        expect(low).toBeGreaterThan(0);
        expect(volume).toBeGreaterThan(0);
      }
    },
  );

  test("gets the oldest candles from since, and those until an end", async () => {
    const since = NOW - (NOW % MINUTE) - 100 * MINUTE;

    const rows = await client.fetchOHLCV("SOL/USDT", "1m", since, 3);
    const bounded = await client.fetchOHLCV("SOL/USDT", "1m", since, 50, {
      until: since + 4 * MINUTE,
    });

    expect(rows.map(([time]) => time)).toEqual([since, since + MINUTE, since + 2 * MINUTE]);
    expect(bounded).toHaveLength(5);
  });

  test("gets a book, tickers, quotes and prices that agree", async () => {
    const book = await client.fetchOrderBook("BTC/USDT", 20);
    const ticker = await client.fetchTicker("BTC/USDT");
    const tickers = await client.fetchTickers(["BTC/USDT", "DOGE/USDT"]);
    const quotes = await client.fetchBidsAsks(["BTC/USDT", "ETH/USDT"]);
    const prices = await client.fetchLastPrices();

    expect(book.bids).toHaveLength(20);
    expect(book.asks).toHaveLength(20);
    expect(book.bids[0]?.[0]).toBeLessThan(book.asks[0]?.[0] ?? 0);
    expect(quotes["BTC/USDT"]).toMatchObject({ bid: book.bids[0]?.[0], ask: book.asks[0]?.[0] });
    expect(Object.keys(quotes)).toEqual(["BTC/USDT", "ETH/USDT"]);
    expect(tickers["DOGE/USDT"]?.quoteVolume).toBeGreaterThan(1_000_000);
    expect(prices["BTC/USDT"]?.price).toBe(ticker.last);
    expect(ticker.low).toBeLessThanOrEqual(ticker.last);
    expect(ticker.high).toBeGreaterThanOrEqual(ticker.last);
  });

  test("answers ccxt's bulk calls for all pairs", async () => {
    expect(Object.keys(await client.fetchTickers())).toHaveLength(12);
    expect(Object.keys(await client.fetchBidsAsks())).toHaveLength(12);
  });

  test("turns the sandbox's refusals into ccxt's own errors", async () => {
    await expect(client.fetchOHLCV("BTC/USDT", "3m")).rejects.toMatchObject({
      name: "BadRequest",
      message: expect.stringContaining("-1120") as string,
    });
  });
});
