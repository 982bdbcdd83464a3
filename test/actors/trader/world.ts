import { Bookkeeper } from "../../../src/actors/trader/bookkeeper.ts";
import type { TraderProtocol } from "../../../src/actors/trader/protocol.ts";
import { Trader } from "../../../src/actors/trader/trader.ts";
import { ExchangeFailure } from "../../../src/exchanges/errors.ts";
import type { Broker, BrokerAccount, OrderOutcome } from "../../../src/exchanges/port.ts";
import { decimal, text } from "../../../src/market/decimal.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import type { Fill, OrderRequest } from "../../../src/market/order.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import type { Fence } from "../../../src/store/lease-port.ts";
import type { TradeStore } from "../../../src/store/trade-port.ts";
import { fill, NOON } from "../../kit/builders.ts";
import { FakeContext } from "../../kit/fake-context.ts";
import { FakeMarket } from "../../kit/fake-market.ts";
import { FakeStore } from "../../kit/fake-store.ts";
import { CALM } from "../../kit/halts.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

/** What a venue does with an order: in two fills, in half, not at all; answering, or cut off. */
export type Deed = "fill" | "half" | "reject" | "cut-after" | "cut-before" | "open";

/** A venue that does as it is told with each order, and keeps what it did. */
export class FakeBroker implements Broker {
  readonly id = "fake";
  readonly name = "Fake";
  readonly live = false;
  readonly placed: OrderRequest[] = [];
  /** Those that reached the venue. */
  readonly arrived: OrderRequest[] = [];
  readonly asked: string[] = [];
  readonly script: Deed[] = [];
  /** Whether it answers when it is asked for an order. */
  isDown = false;
  readonly known = new Map<string, OrderOutcome>();

  async place(order: OrderRequest): Promise<OrderOutcome> {
    await Promise.resolve();
    this.placed.push(order);
    const deed = this.script.shift() ?? "fill";
    const cut: OrderOutcome = { kind: "unknown", reason: "the answer was cut off" };
    if (deed === "cut-before") return cut;
    this.arrived.push(order);
    const outcome = this.#do(order, deed);
    this.known.set(order.clientOrderId, outcome);
    return deed === "cut-after" ? cut : outcome;
  }

  async find(order: OrderRequest): Promise<OrderOutcome | undefined> {
    await Promise.resolve();
    this.asked.push(order.clientOrderId);
    if (this.isDown) throw new ExchangeFailure("binance", "transient", "no answer");
    return this.known.get(order.clientOrderId);
  }

  /** What it says of the account; unless told, what it did with the orders that reached it. */
  books: BrokerAccount | undefined;

  async account(): Promise<BrokerAccount> {
    await Promise.resolve();
    if (this.isDown) throw new ExchangeFailure("binance", "transient", "no answer");
    return this.books ?? { holdings: this.holds?.() ?? [], openOrders: [] };
  }

  /** Where its holdings are read when nothing else is said. */
  holds: (() => BrokerAccount["holdings"]) | undefined;

  #do(order: OrderRequest, deed: Deed): OrderOutcome {
    if (deed === "reject") return { kind: "rejected", reason: "below-min-notional" };
    if (deed === "open") return { kind: "accepted", state: "open", fills: [] };
    const half = text(decimal(order.quantity).div(2));
    const one = fillOf(order, { id: "1", quantity: half });
    if (deed === "half")
      return { kind: "accepted", state: "cancelled", fills: [one], reason: "depth ran out" };
    const rest = text(decimal(order.quantity).minus(decimal(half)));
    return {
      kind: "accepted",
      state: "filled",
      fills: [one, fillOf(order, { id: "2", quantity: rest })],
    };
  }
}

export function fillOf(order: OrderRequest, over: Partial<Fill>): Fill {
  const { clientOrderId, exchange, pair, side, quantity, referencePrice: price } = order;
  return fill({ clientOrderId, exchange, pair, side, quantity, price, fee: "0.5", ...over });
}

export function request(over: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientOrderId: "hub-1",
    origin: "signal",
    signalId: "1",
    portfolio: "main",
    exchange: "binance",
    pair: "BTC/USDT",
    side: "buy",
    quantity: "0.1",
    referencePrice: "30000",
    strategy: "ema-cross",
    ...over,
  };
}

/**
 * @param over stands between the trader and its database.
 * @param venue takes the orders in place of the broker that does as it is told.
 */
export function setUp(
  everyMs = 60_000,
  over = (store: TradeStore): TradeStore => store,
  venue?: Broker,
  oversight = CALM,
) {
  const clock = new ManualClock(NOON + 6_000);
  const db = new FakeStore();
  const { trade } = db;
  const broker = new FakeBroker();
  const market = new FakeMarket(clock);
  const events: HubEvent[] = [];
  /** What the newest candles closed at, by pair. */
  const closes = new Map<string, string>();
  // Unless a test says otherwise, the broker holds what the books say.
  broker.holds = () => [...trade.held.values()];
  const context = new FakeContext<TraderProtocol>(clock);
  const common = { clock, machineClock: clock, trade: over(trade.store) };
  const { pulse, runs } = db.store;
  const bookkeeper = new Bookkeeper({ ...common, pulse, runs, everyMs, runId: "me" });
  /** What the trader is told of its lease. */
  const lease: { fence: Fence | undefined } = { fence: trade.fence };
  const life = (of = context): Trader =>
    new Trader(
      {
        ...common,
        broker: venue ?? broker,
        bookkeeper,
        gate: new StoreGate(clock, (event) => events.push(event)),
        maxQueueAgeMs: 300_000,
        workerId: "me",
        oversight,
        lastPrice: (_exchange, pair) => closes.get(pair),
        market: async (exchange) => (exchange === "binance" ? market : undefined),
        fence: () => lease.fence,
        publish: (event) => events.push(event),
      },
      of,
    );
  const state = (id = "hub-1"): string | undefined => trade.ordersById.get(id)?.state;
  const kinds = (): string[] =>
    events
      .filter(({ kind }) => kind !== "books-compared")
      .map((e) => (e.kind === "order-changed" ? `order-${e.state}` : e.kind));
  return {
    clock,
    db,
    trade,
    broker,
    market,
    events,
    closes,
    kinds,
    context,
    bookkeeper,
    lease,
    trader: life(),
    life,
    state,
  };
}
