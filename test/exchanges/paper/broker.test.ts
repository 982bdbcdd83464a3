import { describe, expect, test } from "vitest";
import { ExchangeFailure } from "../../../src/exchanges/errors.ts";
import {
  createPaperBroker,
  type PaperBrokerSettings,
} from "../../../src/exchanges/paper/broker.ts";
import type { MarketData, OrderBook } from "../../../src/exchanges/port.ts";
import type { Instrument } from "../../../src/market/instrument.ts";
import type { OrderRequest } from "../../../src/market/order.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { paperLedgerInMemory } from "../../kit/paper-ledger.ts";

const INSTRUMENT: Instrument = {
  exchange: "binance",
  pair: "BTC/USDT",
  active: true,
  priceTick: "0.01",
  quantityStep: "0.001",
  minQuantity: "0.001",
  maxQuantity: "50",
  minNotional: "10",
  takerFeeBps: 7.5,
  makerFeeBps: 2,
};

function order(changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientOrderId: "o-1",
    origin: "signal",
    portfolio: "default",
    exchange: "binance",
    pair: "BTC/USDT",
    side: "buy",
    quantity: "1",
    referencePrice: "100",
    strategy: "ema-cross",
    ...changes,
  };
}

function setUp(changes: Partial<PaperBrokerSettings> = {}, instrument: Instrument = INSTRUMENT) {
  const clock = new ManualClock();
  const venue = {
    book: {
      pair: "BTC/USDT",
      asks: [
        { price: "100", quantity: "1.5" },
        { price: "100.1", quantity: "2" },
      ],
      bids: [
        { price: "99.9", quantity: "1" },
        { price: "99", quantity: "4" },
      ],
      sequence: 1,
      at: 0,
    } as OrderBook,
    failure: undefined as Error | undefined,
    asked: 0,
  };
  const marketData = {
    exchange: "binance",
    exchangeNowMs: () => clock.nowMs() + 7,
    instruments: async () => {
      if (venue.failure !== undefined) throw venue.failure;
      return [instrument];
    },
    orderBook: async () => {
      venue.asked++;
      if (venue.failure !== undefined) throw venue.failure;
      return venue.book;
    },
  } as unknown as MarketData;
  const broker = createPaperBroker({
    id: "paper",
    marketData: async (exchange) => (exchange === "binance" ? marketData : undefined),
    instruments: (_exchange, pair) => (pair === instrument.pair ? instrument : undefined),
    clock,
    random: () => 0.5,
    latencyMs: 0,
    ledger: paperLedgerInMemory(),
    ...changes,
  });
  return { broker, venue, clock };
}

describe("a paper broker", () => {
  test("is not live", () => {
    expect(setUp().broker).toMatchObject({ id: "paper", live: false });
  });

  test("lifts the asks, level by level, each with its exact fee in the quote currency", async () => {
    const { broker, clock } = setUp();
    const outcome = await broker.place(order({ quantity: "2" }));
    const common = {
      clientOrderId: "o-1",
      exchange: "binance",
      pair: "BTC/USDT",
      side: "buy",
      feeCurrency: "USDT",
      liquidity: "taker",
      filledAt: clock.nowMs() + 7,
    };
    expect(outcome).toEqual({
      kind: "accepted",
      state: "filled",
      fills: [
        { ...common, id: "o-1-1", price: "100", quantity: "1.5", fee: "0.1125" },
        { ...common, id: "o-1-2", price: "100.1", quantity: "0.5", fee: "0.0375375" },
      ],
    });
  });

  test("hits the bids with a sell", async () => {
    const { broker } = setUp();
    const outcome = await broker.place(order({ side: "sell", quantity: "1.5" }));
    expect(outcome).toMatchObject({
      state: "filled",
      fills: [
        { price: "99.9", quantity: "1" },
        { price: "99", quantity: "0.5" },
      ],
    });
  });

  test("cancels what the depth does not hold, and says so", async () => {
    const outcome = await setUp().broker.place(order({ quantity: "5" }));
    expect(outcome).toMatchObject({
      kind: "accepted",
      state: "cancelled",
      reason: "depth ran out: 1.5 of 5 not filled",
    });
  });

  test("cancels the whole order when the other side is empty", async () => {
    const { broker, venue } = setUp();
    venue.book = { ...venue.book, asks: [] };
    expect(await broker.place(order())).toMatchObject({ state: "cancelled", fills: [] });
  });

  test("does not sell the same quantity twice until the book has moved", async () => {
    const { broker, venue } = setUp();
    await broker.place(order({ clientOrderId: "a", quantity: "1.5" }));
    const second = await broker.place(order({ clientOrderId: "b" }));
    expect(second).toMatchObject({ fills: [{ price: "100.1" }] });
    venue.book = { ...venue.book, asks: [{ price: "100", quantity: "1.6" }], sequence: 2 };
    const third = await broker.place(order({ clientOrderId: "c" }));
    expect(third).toMatchObject({ fills: [{ price: "100", quantity: "1" }] });
  });

  test("shares the depth between orders that come at once", async () => {
    const { broker } = setUp();
    const ids = ["a", "b", "c", "d"];
    const outcomes = await Promise.all(
      ids.map((clientOrderId) => broker.place(order({ clientOrderId }))),
    );
    const filled = outcomes.flatMap((outcome) =>
      outcome.kind === "accepted" ? outcome.fills : [],
    );
    expect(filled.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(3.5);
  });

  test.each([
    ["unknown-pair", { pair: "NO/PAIR" }, {}],
    ["unknown-pair", { exchange: "elsewhere" }, {}],
    ["not-active", {}, { active: false }],
    ["off-step", { quantity: "1.0005" }, {}],
    ["below-min-quantity", { quantity: "0.0005" }, {}],
    ["above-max-quantity", { quantity: "51" }, {}],
    ["below-min-notional", { quantity: "0.05" }, {}],
  ] as const)("refuses with %s", async (reason, wish, rules) => {
    const { broker } = setUp({}, { ...INSTRUMENT, ...rules });
    expect(await broker.place(order(wish))).toEqual({ kind: "rejected", reason });
  });

  test("answers a repeated order as the first time, without trading again", async () => {
    const { broker, venue } = setUp();
    const first = await broker.place(order());
    expect(await broker.place(order())).toEqual(first);
    const both = [
      broker.place(order({ clientOrderId: "p" })),
      broker.place(order({ clientOrderId: "p" })),
    ];
    const [one, two] = await Promise.all(both);
    expect(one).toEqual(two);
    expect(venue.asked).toBe(2);
  });

  test("finds an order by its client id, and knows nothing of others", async () => {
    const { broker } = setUp();
    const outcome = await broker.place(order());
    expect(await broker.find(order())).toEqual(outcome);
    expect(await broker.find(order({ clientOrderId: "never" }))).toBeUndefined();
  });

  test("does an order whose answer is cut off, and tells when asked", async () => {
    const { broker } = setUp({ fault: () => "lost-answer" });
    expect(await broker.place(order())).toMatchObject({ kind: "unknown" });
    expect(await broker.find(order())).toMatchObject({ kind: "accepted", state: "filled" });
  });

  test("never had an order that was lost on its way", async () => {
    const { broker, venue } = setUp({ fault: () => "lost-order" });
    expect(await broker.place(order())).toMatchObject({ kind: "unknown" });
    expect(await broker.find(order())).toBeUndefined();
    expect(venue.asked).toBe(0);
  });

  test("does not know the outcome while the depth cannot be had, and may be asked again", async () => {
    const { broker, venue } = setUp();
    venue.failure = new ExchangeFailure("binance", "transient", "down");
    expect(await broker.place(order())).toMatchObject({ kind: "unknown" });
    expect(await broker.find(order())).toBeUndefined();
    venue.failure = undefined;
    expect(await broker.place(order())).toMatchObject({ kind: "accepted" });
  });

  test("does not refuse a pair for good while nobody can say whether it is listed", async () => {
    const { broker, venue } = setUp({ instruments: () => undefined });
    venue.failure = new ExchangeFailure("binance", "transient", "down");
    expect(await broker.place(order())).toMatchObject({ kind: "unknown" });
    venue.failure = undefined;
    expect(await broker.place(order())).toMatchObject({ state: "filled" });
  });

  test("refuses when the venue says that the pair is gone", async () => {
    const { broker, venue } = setUp();
    venue.failure = new ExchangeFailure("binance", "permanent", "no such pair");
    expect(await broker.place(order())).toMatchObject({ kind: "rejected" });
  });

  test("throws what nobody foresaw", async () => {
    const { broker, venue } = setUp();
    venue.failure = new TypeError("a bug");
    await expect(broker.place(order())).rejects.toThrow("a bug");
  });

  test("fills against the book as it is when the order arrives", async () => {
    const { broker, venue, clock } = setUp({ latencyMs: (draw) => 200 * draw });
    const placing = broker.place(order());
    await clock.advance(99);
    expect(venue.asked).toBe(0);
    venue.book = { ...venue.book, asks: [{ price: "105", quantity: "9" }] };
    await clock.advance(1);
    expect(await placing).toMatchObject({ fills: [{ price: "105" }] });
  });

  test("tells a caller who stops waiting that it does not know, and does the order", async () => {
    const { broker, clock } = setUp({ latencyMs: 100 });
    const abort = new AbortController();
    const placing = broker.place(order(), { signal: abort.signal });
    abort.abort();
    expect(await placing).toMatchObject({ kind: "unknown" });
    await clock.advance(100);
    expect(await broker.find(order())).toMatchObject({ state: "filled" });
  });
});
