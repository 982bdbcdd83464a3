import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CandleRequest } from "../../../src/exchanges/port.ts";
import { isOpenTime, TIMEFRAMES, timeframeMs } from "../../../src/market/timeframe.ts";
import { priceAt } from "./stand-in.ts";
import { type OandaWorld, openWorld, WEDNESDAY, WEEKENDS } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const [[FRIDAY_END, SUNDAY_START]] = WEEKENDS;

let world: OandaWorld;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const times = async (request: Partial<CandleRequest>): Promise<number[]> => {
  const asked = { pair: "EUR/USD", timeframe: "1m", limit: 5, ...request } as const;
  return (await world.market.candles(asked)).candles.map(({ openTime }) => openTime);
};

describe("candles of OANDA", () => {
  test.each(TIMEFRAMES)("of %s lie on the hub's own grid", async (timeframe) => {
    const { candles, rejected } = await world.market.candles({
      pair: "EUR/USD",
      timeframe,
      limit: 3,
    });

    expect(rejected).toEqual([]);
    expect(candles).toHaveLength(3);
    expect(candles.filter(({ openTime }) => !isOpenTime(timeframe, openTime))).toEqual([]);
    expect(candles.at(-1)?.openTime).toBeGreaterThan(WEDNESDAY - timeframeMs(timeframe));
  });

  test("are mid prices, with the number of prices for a volume", async () => {
    const { candles } = await world.market.candles({ pair: "EUR/USD", timeframe: "5m", limit: 2 });
    const openTime = Date.UTC(2026, 0, 7, 12, 5);

    expect(candles[0]).toMatchObject({
      openTime,
      open: Number(priceAt(openTime)),
      close: Number(priceAt(openTime + 4 * MINUTE)),
      volume: 5,
    });
    expect(world.venue.asked.at(-1)?.query.get("price")).toBe("M");
  });

  test("do not exist over a weekend, and whoever asks across one gets what is there", async () => {
    const sinceMs = FRIDAY_END - 2 * HOUR;

    expect(await times({ timeframe: "1h", sinceMs, limit: 4 })).toEqual([
      FRIDAY_END - 2 * HOUR,
      FRIDAY_END - HOUR,
      SUNDAY_START,
      SUNDAY_START + HOUR,
    ]);
  });

  test("of a Sunday make a short day, and end the week before", async () => {
    const sunday = Date.UTC(2026, 0, 4);
    const { candles } = await world.market.candles({
      pair: "EUR/USD",
      timeframe: "1d",
      sinceMs: sunday,
      limit: 1,
    });

    expect(candles).toMatchObject([{ openTime: sunday, volume: 120 }]);
    expect(await times({ timeframe: "1w", limit: 2 })).toEqual([
      Date.UTC(2025, 11, 29),
      Date.UTC(2026, 0, 5),
    ]);
  });

  test("begin with the first that opens at or after the instant asked for", async () => {
    const sinceMs = Date.UTC(2026, 0, 7, 11, 0, 1);

    expect(await times({ sinceMs, limit: 3 })).toEqual([
      Date.UTC(2026, 0, 7, 11, 1),
      Date.UTC(2026, 0, 7, 11, 2),
    ]);
  });

  test("are asked for in no larger numbers than OANDA allows", async () => {
    expect(await times({ limit: 9_000 })).toHaveLength(5_000);
    expect(world.venue.asked.at(-1)?.query.get("count")).toBe("5000");
  });

  test("that have ended are waited for until OANDA calls them complete, or nobody quotes any more", async () => {
    world.venue.completesLate = true;
    const ended = Date.UTC(2026, 0, 7, 12, 10);

    await world.clock.advance(35_000);
    expect(world.clock.nowMs()).toBe(ended + MINUTE + 5_000);
    expect(await times({ limit: 3 })).not.toContain(ended);
    await world.clock.advance(5_000);
    expect(await times({ limit: 3 })).toContain(ended);
  });

  test("that still run are told as they are", async () => {
    expect((await times({ limit: 2 })).at(-1)).toBe(Date.UTC(2026, 0, 7, 12, 10));
  });

  test("are taken as ended by OANDA's clock, no further than its prices prove", async () => {
    world.venue.offsetMs = 60_000;
    await world.market.measureClock();

    const { candles, exchangeNowMs } = await world.market.candles({
      pair: "EUR/USD",
      timeframe: "1m",
      limit: 3,
    });

    expect(Math.abs(world.market.exchangeNowMs() - (WEDNESDAY + 60_000))).toBeLessThanOrEqual(
      1_000,
    );
    expect(exchangeNowMs).toBe(Date.UTC(2026, 0, 7, 12, 11));
    expect(candles.at(-1)?.openTime).toBe(Date.UTC(2026, 0, 7, 12, 11));
  });

  test("are not taken as ended because OANDA's clock was read wrong", async () => {
    world.venue.clockSaysMs = 60_000;
    await world.market.measureClock();

    const { candles, exchangeNowMs } = await world.market.candles({
      pair: "EUR/USD",
      timeframe: "1m",
      limit: 3,
    });

    expect(candles.at(-1)?.openTime).toBe(Date.UTC(2026, 0, 7, 12, 10));
    expect(exchangeNowMs).toBe(WEDNESDAY);
  });
});

describe("prices of OANDA", () => {
  test("are no quotes while nothing can be traded, and there is no book", async () => {
    world.venue.quiet.push([WEDNESDAY - HOUR, WEDNESDAY + HOUR]);

    expect(await world.market.quotes(["EUR/USD"])).toEqual([]);
    expect(await world.market.orderBook("EUR/USD", 5)).toMatchObject({ bids: [], asks: [] });
  });

  test("are a book with the liquidity offered at each price", async () => {
    const book = await world.market.orderBook("EUR/USD", 2);

    expect(book.asks.map(({ quantity }) => quantity)).toEqual(["1000000", "2000000"]);
    expect(book.bids).toHaveLength(2);
  });
});

describe("the last day at OANDA", () => {
  test("is made of its candles, and has no turnover", async () => {
    const since = WEDNESDAY - 24 * HOUR;
    const day = await world.market.dayStats("EUR/USD");
    const prices = Array.from({ length: 24 * 60 }, (_, i) => priceAt(since - 30_000 + i * MINUTE));

    expect(day.quoteVolume).toBeNull();
    expect(day.highPrice).toBe(Number(prices.toSorted().at(-1)).toString());
    expect(Number(day.lowPrice)).toBeGreaterThan(0);
    expect(day.lastPrice).toBe(Number(priceAt(Date.UTC(2026, 0, 7, 12, 10))).toString());
  });

  test("is not told when nobody quoted in it", async () => {
    world.venue.quiet.push([WEDNESDAY - 30 * HOUR, WEDNESDAY + HOUR]);

    await expect(world.market.dayStats("EUR/USD")).rejects.toMatchObject({ fault: "transient" });
  });
});

describe("instruments of OANDA", () => {
  test("carry its steps and sizes; what it does not say in full is left out", async () => {
    const instruments = await world.market.instruments();

    expect(instruments.map(({ pair }) => pair)).toEqual([
      "EUR/USD",
      "USD/JPY",
      "XAU/USD",
      "DE30/EUR",
    ]);
    expect(instruments[0]).toEqual({
      exchange: "oanda",
      pair: "EUR/USD",
      active: true,
      priceTick: "0.00001",
      quantityStep: "1",
      minQuantity: "1",
      maxQuantity: "100000000",
      minNotional: "0",
      takerFeeBps: 0,
      makerFeeBps: 0,
    });
    expect(instruments[3]).toMatchObject({ quantityStep: "0.1", minQuantity: "0.1" });
  });

  test("rest at weekends, but those that are neither currency nor metal may not", async () => {
    const saturday = Date.UTC(2026, 0, 10, 12);
    const rests = (pair: string): boolean => !world.market.isOpen(pair, saturday, saturday + HOUR);
    expect(rests("DE30/EUR")).toBe(true);

    await world.market.instruments();

    expect(["EUR/USD", "XAU/USD", "DE30/EUR"].map(rests)).toEqual([true, true, false]);
  });
});
