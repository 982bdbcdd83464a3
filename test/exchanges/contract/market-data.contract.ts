import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExchangeFailure } from "../../../src/exchanges/errors.ts";
import type { BookLevel, MarketData } from "../../../src/exchanges/port.ts";
import { decimal, isDecimalText } from "../../../src/market/decimal.ts";
import { type Timeframe, timeframeMs } from "../../../src/market/timeframe.ts";

/** A venue to hold to the contract, and what may be asked of it. */
export interface MarketWorld {
  readonly market: MarketData;
  /** Two pairs it lists and trades. */
  readonly pairs: readonly [string, string];
  /** A timeframe of which it has at least five candles of the first pair. */
  readonly timeframe: Timeframe;
  /** The hub's clock, UTC ms. */
  readonly nowMs: () => number;
  /** How far the venue's clock may be from the hub's, ms. */
  readonly clockToleranceMs: number;
  /** True for a venue without turnover. */
  readonly isDealer?: boolean;
  readonly close?: () => Promise<void>;
}

/** Holds an implementation of {@link MarketData} to what everybody who uses one relies on. */
export function marketDataContract(name: string, open: () => Promise<MarketWorld>): void {
  describe(`market data of ${name}`, () => {
    let world: MarketWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(async () => {
      await world.market.close();
      await world.close?.();
    });

    test("names its exchange and the most candles one request may ask for", () => {
      expect(world.market.exchange).toMatch(/^[a-z][a-z0-9]+$/);
      expect(world.market.maxCandles).toBeGreaterThanOrEqual(100);
    });

    test("lists instruments with exact steps, limits and fees", async () => {
      const instruments = await world.market.instruments();
      for (const pair of world.pairs) {
        const found = instruments.find((instrument) => instrument.pair === pair);
        expect(found).toMatchObject({ exchange: world.market.exchange, active: true });
        const { priceTick, quantityStep, minQuantity, minNotional } = found!;
        expect([priceTick, quantityStep, minQuantity, minNotional].every(isDecimalText)).toBe(true);
        expect(decimal(priceTick).gt(0) && decimal(quantityStep).gt(0)).toBe(true);
        expect(decimal(minQuantity).mod(decimal(quantityStep)).isZero()).toBe(true);
        expect(found!.takerFeeBps).toBeGreaterThanOrEqual(found!.makerFeeBps);
        expect(found!.takerFeeBps).toBeLessThan(100);
      }
    });

    test("loads instruments once, however many ask", async () => {
      const [one, two] = await Promise.all([
        world.market.instruments(),
        world.market.instruments(),
      ]);
      expect(one).toBe(two);
      expect(await world.market.instruments()).toBe(one);
    });

    test("answers the newest candles, oldest first, on the grid, each once", async () => {
      const { pairs, timeframe, market } = world;
      const answer = await market.candles({ pair: pairs[0], timeframe, limit: 4 });
      const times = answer.candles.map(({ openTime }) => openTime);
      expect(times).toHaveLength(4);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      expect(answer.rejected).toEqual([]);
      const step = timeframeMs(timeframe);
      expect(times.every((time) => time % step === 0)).toBe(true);
      // The newest is the one that is still open, or the one before it.
      expect(answer.exchangeNowMs - times.at(-1)!).toBeGreaterThanOrEqual(0);
      expect(answer.exchangeNowMs - times.at(-1)!).toBeLessThan(2 * step);
    });

    test("answers the oldest candles from an instant on when one is given", async () => {
      const { pairs, timeframe, market } = world;
      const newest = await market.candles({ pair: pairs[0], timeframe, limit: 4 });
      const sinceMs = newest.candles[1]!.openTime;
      const answer = await market.candles({ pair: pairs[0], timeframe, sinceMs, limit: 2 });
      expect(answer.candles).toEqual(newest.candles.slice(1, 3));
    });

    test("answers best prices of several pairs in the order asked, stamped by the hub", async () => {
      const asked = [world.pairs[1], world.pairs[0]];
      const quotes = await world.market.quotes(asked);
      expect(quotes.map(({ pair }) => pair)).toEqual(asked);
      for (const { bid, ask, at } of quotes) {
        expect(decimal(bid).lt(decimal(ask))).toBe(true);
        expect(Math.abs(at - world.nowMs())).toBeLessThan(60_000);
      }
      expect(await world.market.quotes([])).toEqual([]);
    });

    test("answers best prices of one pair", async () => {
      const quotes = await world.market.quotes([world.pairs[0]]);
      expect(quotes).toMatchObject([{ pair: world.pairs[0] }]);
    });

    test("leaves a pair that is not listed out of the quotes, and answers the others", async () => {
      const [first, second] = world.pairs;
      const quotes = await world.market.quotes([first, "NO/SUCH", second]);
      expect(quotes.map(({ pair }) => pair)).toEqual([first, second]);
      expect(await world.market.quotes(["NO/SUCH"])).toEqual([]);
    });

    test("answers an order book with the best levels first", async () => {
      const book = await world.market.orderBook(world.pairs[0], 20);
      const prices = (side: readonly BookLevel[]): number[] =>
        side.map(({ price }) => Number(price));
      expect(book.asks.length * book.bids.length).toBeGreaterThan(0);
      expect(prices(book.asks)).toEqual(prices(book.asks).toSorted((a, b) => a - b));
      expect(prices(book.bids)).toEqual(prices(book.bids).toSorted((a, b) => b - a));
      expect(prices(book.bids)[0]).toBeLessThan(prices(book.asks)[0]!);
      expect([...book.asks, ...book.bids].every(({ quantity }) => isDecimalText(quantity))).toBe(
        true,
      );
    });

    test("answers the last day of a pair", async () => {
      const day = await world.market.dayStats(world.pairs[0]);
      expect(Number(day.lowPrice)).toBeLessThanOrEqual(Number(day.lastPrice));
      expect(Number(day.lastPrice)).toBeLessThanOrEqual(Number(day.highPrice));
      expect(Number(day.openPrice)).toBeGreaterThan(0);
      // A dealer has no turnover, and says so; every other venue has some.
      expect(day.quoteVolume === null).toBe(world.isDealer === true);
      expect(Number(day.quoteVolume ?? 1)).toBeGreaterThan(0);
    });

    test("measures the venue's clock and goes by it", async () => {
      expect(world.market.clockOffset()).toBeUndefined();
      const offset = await world.market.measureClock();
      // Both clocks are read one after the other, and may run twenty times as fast as the machine.
      const told = world.market.clockOffset()?.offsetMs ?? Number.NaN;
      expect(Math.abs(told - offset)).toBeLessThanOrEqual(1_000);
      expect(world.market.clockOffset()?.ageMs).toBeGreaterThanOrEqual(0);
      expect(Math.abs(offset)).toBeLessThanOrEqual(world.clockToleranceMs);
      const gap = world.market.exchangeNowMs() - (world.nowMs() + offset);
      expect(Math.abs(gap)).toBeLessThan(world.clockToleranceMs + 1);
    });

    test("tells how much of the budget is left", async () => {
      expect(world.market.budgetLeft()).toBeGreaterThan(0);
      expect(world.market.budgetLeft()).toBeLessThan(1);
    });

    test("refuses an unknown pair for good", async () => {
      const asking = world.market.candles({
        pair: "NO/SUCH",
        timeframe: world.timeframe,
        limit: 2,
      });
      const failure: unknown = await asking.catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(ExchangeFailure);
      expect(failure).toMatchObject({ fault: "permanent", retry: "never" });
    });

    test("ends a call whose caller has lost interest with the caller's own reason", async () => {
      const reason = new Error("enough");
      const options = { signal: AbortSignal.abort(reason) };
      await expect(world.market.dayStats(world.pairs[0], options)).rejects.toBe(reason);
    });
  });
}
