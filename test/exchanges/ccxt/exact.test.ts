import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { parseCandles } from "../../../src/exchanges/ccxt/parse/candles.ts";
import { parseOrderBook } from "../../../src/exchanges/ccxt/parse/order-book.ts";
import { fastClock } from "../../../src/runtime/clock.ts";
import { openRecorded, RECORDED_AT, type RecordedWorld } from "../contract/recorded-world.ts";

let world: RecordedWorld;
const open = async (exchange: string) => {
  world = await openRecorded(exchange, fastClock(50, RECORDED_AT));
  return world.market;
};
afterEach(async () => {
  await world?.close();
});

describe("instruments as the venue states them", () => {
  test.each([
    [
      "binance",
      "BTC/USDT",
      {
        priceTick: "0.01",
        quantityStep: "0.00001",
        minQuantity: "0.00001",
        // A market order's own ceiling, far below the limit order's 9000.
        maxQuantity: "129.84957276",
        minNotional: "5",
        takerFeeBps: 10,
        makerFeeBps: 10,
        active: true,
      },
    ],
    ["binance", "LUNA/USDT", { active: false, priceTick: "0.0001", quantityStep: "0.01" }],
    [
      "kraken",
      "BTC/USD",
      {
        priceTick: "0.1",
        quantityStep: "0.00000001",
        minQuantity: "0.00005",
        minNotional: "0.5",
        takerFeeBps: 40,
        makerFeeBps: 25,
      },
    ],
    [
      "bybit",
      "BTC/USDT",
      { priceTick: "0.1", quantityStep: "0.000001", minQuantity: "0.000011", minNotional: "5" },
    ],
    [
      "okx",
      "BTC/USDT",
      { priceTick: "0.1", quantityStep: "0.00000001", minQuantity: "0.00001", minNotional: "0" },
    ],
  ])("%s %s", async (exchange, pair, expected) => {
    const market = await open(exchange);
    const found = (await market.instruments()).find((instrument) => instrument.pair === pair);
    expect(found).toMatchObject({ exchange, ...expected });
  });
});

describe("figures as the venue wrote them", () => {
  test("candles hold the double that parseFloat makes of the text", async () => {
    const market = await open("binance");
    await market.instruments();
    const figures = [
      "0.00000012",
      "0.00000019",
      "0.00000011",
      "0.00000013",
      "98765432109.12345678",
    ];
    world.venue.fault = (path, response) => {
      if (!path.includes("klines")) return false;
      const openTime = RECORDED_AT - (RECORDED_AT % 60_000);
      response.end(JSON.stringify([[openTime, ...figures, openTime + 59_999]]));
      return true;
    };
    const { candles } = await market.candles({ pair: "BTC/USDT", timeframe: "1m", limit: 5 });
    const [candle] = candles;
    expect([candle!.open, candle!.high, candle!.low, candle!.close, candle!.volume]).toEqual(
      figures.map(parseFloat),
    );
  });

  test("any decimal text becomes the same double", () => {
    const decimals = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 14n }), fc.bigInt({ min: 0n, max: 10n ** 9n }))
      .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(10, "0")}`);
    fc.assert(
      fc.property(decimals, (figure) => {
        const row = [0, figure, figure, figure, figure, figure];
        expect(parseCandles([row], "1m").candles[0]!.close).toBe(parseFloat(figure));
      }),
    );
  });

  test("quotes and books stay exact text, sorted by value and not by spelling", async () => {
    const market = await open("kraken");
    const book = await market.orderBook("BTC/USD", 10);
    expect(book.asks.map(({ price }) => price)).toEqual(["87660.1", "87661", "100002"]);
    expect(book.bids.map(({ price }) => price)).toEqual(["87660", "87655", "9999.5"]);
    expect(book.bids[0]).toEqual({ price: "87660", quantity: "3.118" });
    expect(await market.quotes(["BTC/USD"])).toMatchObject([{ bid: "87660", ask: "87660.1" }]);
  });

  test("the venue's number of a book is kept", async () => {
    const market = await open("binance");
    expect(await market.orderBook("BTC/USDT", 5)).toMatchObject({
      sequence: 84527958487,
      asks: expect.arrayContaining([{ price: "87660.02", quantity: "0.00696" }]) as unknown,
    });
  });

  test("the last day keeps all digits of its volume", async () => {
    const market = await open("okx");
    expect(await market.dayStats("BTC/USDT")).toMatchObject({
      quoteVolume: "737401421.100234123",
      lastPrice: "87660.1",
      openPrice: "87981.4",
    });
  });

  test("a level without a quantity spoils the book", () => {
    expect(() => parseOrderBook({ bids: [["1", undefined]], asks: [] }, "A/B", 0)).toThrow(
      "made no sense",
    );
  });
});
