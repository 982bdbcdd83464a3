import type { Instrument } from "../../market/instrument.ts";
import { lotFault } from "../../market/instrument.ts";
import type { OrderRequest } from "../../market/order.ts";
import type { Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import { ExchangeFailure } from "../errors.ts";
import {
  type Broker,
  type BrokerAccount,
  type CallOptions,
  type MarketData,
  type OrderBook,
  type OrderOutcome,
  PRIORITY,
} from "../port.ts";
import { Consumption } from "./consumption.ts";
import { fillsOf } from "./fills.ts";
import type { PaperLedger } from "./ledger.ts";
import { OrderMemory } from "./order-memory.ts";
import { walkLevels } from "./walk.ts";

/** Where the answer to an order is cut off: before the order arrives, or after it was done. */
type PaperFault = "lost-order" | "lost-answer";

export interface PaperBrokerSettings {
  readonly id: "paper";
  /** Market data whose depth orders are filled against; undefined for an exchange that is unknown. */
  readonly marketData: (exchange: string) => Promise<MarketData | undefined>;
  readonly instruments: (exchange: string, pair: string) => Instrument | undefined;
  /** The hub's clock: the way to the venue takes time on it. */
  readonly clock: Clock;
  /** 0 to below 1; draws the latency. */
  readonly random: () => number;
  /**
   * How long an order takes to the venue, ms: a number, or a function of a draw from 0 to below 1,
   * such as the inverse of a measured distribution.
   * @default 30 to 250 ms, most of them short.
   */
  readonly latencyMs?: number | ((draw: number) => number);
  /** Where the venue writes down what it did. */
  readonly ledger: PaperLedger;
  /** Cuts answers off, for tests of what follows; asked once for each order. */
  readonly fault?: (order: OrderRequest) => PaperFault | undefined;
}

/** Levels fetched to fill an order; the most that Binance sells at its lowest weight. */
const LEVELS = 100;

/** Most acknowledgements are quick and few are slow: the square of an even draw, ms. */
const usualLatencyMs = (draw: number): number => 30 + 220 * draw * draw;

/** Makes the broker that trades paper money against the venue's real depth. */
export function createPaperBroker(settings: PaperBrokerSettings): Broker {
  return new PaperBroker(settings);
}

/**
 * Fills market orders against the depth the venue shows at the moment, and remembers what it took.
 * Knows nothing of balances. What it did is in its ledger, apart from the hub's books, before anybody
 * is told: after a restart it is found there.
 */
class PaperBroker implements Broker {
  readonly id = "paper";
  readonly name = "Paper";
  readonly live = false;
  readonly #settings: PaperBrokerSettings;
  readonly #memory = new OrderMemory();
  readonly #consumed = new Map<string, Consumption>();
  /** The last order of each book: they reach a venue one after the other. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(settings: PaperBrokerSettings) {
    this.#settings = settings;
  }

  async place(order: OrderRequest, options: CallOptions = {}): Promise<OrderOutcome> {
    const known = this.#memory.get(order.clientOrderId);
    if (known !== undefined) return (await known) ?? neverArrived();
    const fault = this.#settings.fault?.(order);
    if (fault === "lost-order" || options.signal?.aborted === true) return neverArrived();
    let failure: unknown;
    const outcome = this.#execute(order).catch((thrown: unknown) => {
      failure = thrown;
      return undefined;
    });
    this.#memory.keep(order.clientOrderId, outcome);
    const result = await outcomeOrAbort(outcome, options.signal);
    if (result === "aborted") return unknown("the caller stopped waiting for the answer");
    if (fault === "lost-answer") return unknown("the answer was cut off");
    if (result !== undefined) return result;
    if (!(failure instanceof ExchangeFailure)) throw failure;
    return unknown(failure.message);
  }

  async find(order: OrderRequest): Promise<OrderOutcome | undefined> {
    const underWay = await this.#memory.get(order.clientOrderId);
    return underWay ?? this.#ask(order.exchange, (ledger) => ledger.find(order.clientOrderId));
  }

  async account(): Promise<BrokerAccount> {
    const holdings = await this.#ask("paper", (ledger) => ledger.holdings());
    // Market orders are done or given up within their call: none stays open.
    return { holdings, openOrders: [] };
  }

  /** Asks what is written down; a ledger out of reach is a venue out of reach. */
  async #ask<T>(exchange: string, ask: (ledger: PaperLedger) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#settings.ledger);
    } catch (error) {
      const words = `the paper venue's ledger cannot be reached: ${messageOf(error)}`;
      throw new ExchangeFailure(exchange, "transient", words);
    }
  }

  /** Done is what is written down: an order that a crash cut off before has not come. */
  #write(order: OrderRequest, outcome: OrderOutcome): Promise<OrderOutcome> {
    const now = this.#settings.clock.nowMs();
    return this.#ask(order.exchange, (ledger) => ledger.keep(order, outcome, now));
  }

  async #execute(order: OrderRequest): Promise<OrderOutcome> {
    const { marketData, clock } = this.#settings;
    const market = await marketData(order.exchange);
    const instrument = market && (await this.#instrumentOf(order, market));
    if (market === undefined || instrument === undefined) {
      return this.#write(order, rejected("unknown-pair"));
    }
    if (!instrument.active) return this.#write(order, rejected("not-active"));
    const latencyMs = this.#latencyMs();
    if (latencyMs > 0) await clock.sleep(latencyMs);
    return this.#afterOthers(order, async () => {
      const book = await this.#askDepth(order, market);
      const outcome =
        typeof book === "string"
          ? rejected(book)
          : this.#fill(order, instrument, book, market.exchangeNowMs());
      return this.#write(order, outcome);
    });
  }

  /** Asks the venue when nobody knows the pair: a refusal is final, so it must not come too early. */
  async #instrumentOf(order: OrderRequest, market: MarketData): Promise<Instrument | undefined> {
    const known = this.#settings.instruments(order.exchange, order.pair);
    if (known !== undefined) return known;
    const listed = await market.instruments({ priority: PRIORITY.order });
    return listed.find(({ pair }) => pair === order.pair);
  }

  /** The book to fill against, or why there can never be one. */
  async #askDepth(order: OrderRequest, market: MarketData): Promise<OrderBook | string> {
    try {
      return await market.orderBook(order.pair, LEVELS, { priority: PRIORITY.order });
    } catch (thrown) {
      // What can never be asked is a refusal; what may pass is as if the venue were out of reach.
      const isFinal = thrown instanceof ExchangeFailure && thrown.fault === "permanent";
      if (isFinal) return messageOf(thrown);
      throw thrown;
    }
  }

  #fill(
    order: OrderRequest,
    instrument: Instrument,
    book: OrderBook,
    filledAt: number,
  ): OrderOutcome {
    const shown = order.side === "buy" ? book.asks : book.bids;
    const best = shown[0]?.price ?? order.referencePrice;
    const fault = lotFault(instrument, order.quantity, best);
    if (fault !== undefined) return rejected(fault);
    const consumed = this.#consumptionOf(order);
    const { taken, rest } = walkLevels(consumed.available(shown), order.quantity);
    consumed.take(shown, taken);
    const fills = fillsOf(order, instrument, taken, filledAt);
    if (rest === "0") return { kind: "accepted", state: "filled", fills };
    const reason = `depth ran out: ${rest} of ${order.quantity} not filled`;
    return { kind: "accepted", state: "cancelled", fills, reason };
  }

  #consumptionOf({ exchange, pair, side }: OrderRequest): Consumption {
    const name = `${exchange}:${pair}:${side}`;
    const consumed = this.#consumed.get(name) ?? new Consumption(side);
    this.#consumed.set(name, consumed);
    return consumed;
  }

  #latencyMs(): number {
    const { latencyMs = usualLatencyMs, random } = this.#settings;
    return typeof latencyMs === "number" ? latencyMs : latencyMs(random());
  }

  /** Runs work on a book after all that came before it, however that ended. */
  async #afterOthers<T>(order: OrderRequest, work: () => Promise<T>): Promise<T> {
    const name = `${order.exchange}:${order.pair}`;
    const before = this.#queues.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#queues.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#queues.get(name) === mine) this.#queues.delete(name);
    }
  }
}

async function outcomeOrAbort(
  outcome: Promise<OrderOutcome | undefined>,
  signal: AbortSignal | undefined,
): Promise<OrderOutcome | undefined | "aborted"> {
  if (signal === undefined) return outcome;
  return new Promise((resolve) => {
    const onAbort = (): void => resolve("aborted");
    signal.addEventListener("abort", onAbort, { once: true });
    void outcome.then((known) => {
      signal.removeEventListener("abort", onAbort);
      resolve(known);
    });
  });
}

function rejected(reason: string): OrderOutcome {
  return { kind: "rejected", reason };
}

function unknown(reason: string): OrderOutcome {
  return { kind: "unknown", reason };
}

function neverArrived(): OrderOutcome {
  return unknown("the order may not have arrived");
}
