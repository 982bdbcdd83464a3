import type { Candle } from "../market/candle.ts";
import type { DecimalText } from "../market/decimal.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Fill, OrderRequest } from "../market/order.ts";
import type { Timeframe } from "../market/timeframe.ts";

/** Who goes first when the request budget is short: lower goes first. */
export const PRIORITY = {
  order: 0,
  cancel: 1,
  account: 2,
  quote: 3,
  /** Candles of a pair with an open position. */
  heldCandle: 4,
  candle: 5,
  backfill: 6,
} as const;

export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

export interface CallOptions {
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
}

export interface QuoteOptions extends CallOptions {
  /**
   * Quotes of a moment ago will do, where asking anew would take from the budget of candles. How long
   * ago is for the venue's limits to say: 5 s where it allows a request a second, else far less.
   */
  readonly recent?: boolean;
}

export interface CandleRequest {
  readonly pair: string;
  readonly timeframe: Timeframe;
  /** Open time of the oldest candle wanted, UTC ms; without it the newest ones are meant. */
  readonly sinceMs?: number;
  readonly limit: number;
}

/**
 * Rows of one candle request, oldest first, unique, each of them sound. The newest may still be open.
 */
export interface CandleAnswer {
  readonly candles: readonly Candle[];
  /** Rows that were thrown away, and why; a corrupt answer is not an empty one. */
  readonly rejected: readonly { readonly openTime: number | null; readonly reason: string }[];
  /** The exchange's clock when the answer was in hand, as far as it is sure, UTC ms. */
  readonly exchangeNowMs: number;
}

/** Best prices, quote currency. */
export interface Quote {
  readonly pair: string;
  readonly bid: DecimalText;
  readonly ask: DecimalText;
  /** When the answer was received, UTC ms on the hub's clock. */
  readonly at: number;
}

export interface BookLevel {
  readonly price: DecimalText;
  readonly quantity: DecimalText;
}

/** The order book, best level first on each side. */
export interface OrderBook {
  readonly pair: string;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** The venue's number of this state of the book, where it has one. */
  readonly sequence?: number;
  readonly at: number;
}

/** The last 24 hours of a pair. */
export interface DayStats {
  readonly pair: string;
  /** Turnover; null at a venue that has no such figure, as where a dealer quotes against himself. */
  readonly quoteVolume: DecimalText | null;
  readonly lastPrice: DecimalText;
  readonly openPrice: DecimalText;
  readonly highPrice: DecimalText;
  readonly lowPrice: DecimalText;
  readonly at: number;
}

/** How far an exchange's clock is from ours, by the last measurement. */
export interface ClockOffset {
  /** Exchange time minus hub time as both go now, ms. */
  readonly offsetMs: number;
  /** Since the measurement, ms on the hub's clock. */
  readonly ageMs: number;
}

/** Market data of one exchange. Every call ends within the client's deadline and may be repeated. */
export interface MarketData {
  readonly exchange: string;
  /** All pairs the venue lists; loaded once, re-read on request. */
  instruments(options?: CallOptions & { readonly fresh?: boolean }): Promise<readonly Instrument[]>;
  /** The largest number of candles one request may ask for. */
  readonly maxCandles: number;
  candles(request: CandleRequest, options?: CallOptions): Promise<CandleAnswer>;
  /** Best prices in the order asked; a pair that is not listed, or has no both sides, is left out. */
  quotes(pairs: readonly string[], options?: QuoteOptions): Promise<readonly Quote[]>;
  orderBook(pair: string, levels: number, options?: CallOptions): Promise<OrderBook>;
  dayStats(pair: string, options?: CallOptions): Promise<DayStats>;
  /**
   * Whether a pair may trade at any moment from an instant until just before another, UTC ms. A candle
   * of a time when it may not is no candle that is missing. Always true where trading never ends.
   */
  isOpen(pair: string, fromMs: number, untilMs: number): boolean;
  /** Re-measures the exchange's clock; returns exchange time minus hub time, ms. */
  measureClock(options?: CallOptions): Promise<number>;
  /**
   * The exchange's clock now by the last measurement, UTC ms; the hub's own before the first. Between
   * two measurements it runs on monotonic time, whatever becomes of the hub's own clock.
   */
  exchangeNowMs(): number;
  /** The last measurement; undefined before the first. */
  clockOffset(): ClockOffset | undefined;
  /** Share of the request budget that is left in the current window, 0 to 1. */
  budgetLeft(): number;
  close(): Promise<void>;
}

/** What a venue said to an order. `unknown` is neither of the other two and never turned into one. */
export type OrderOutcome =
  | {
      readonly kind: "accepted";
      readonly state: "open" | "filled" | "cancelled";
      readonly fills: readonly Fill[];
      /** Why a rest was cancelled. */
      readonly reason?: string;
    }
  | { readonly kind: "rejected"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string };

/** What a broker holds of a pair. */
export interface Holding {
  readonly exchange: string;
  readonly pair: string;
  /** Base asset; below zero where more was sold than held. */
  readonly quantity: DecimalText;
}

/** What a broker says of the account, to be compared with the books. */
export interface BrokerAccount {
  readonly holdings: readonly Holding[];
  /** Orders that may still be filled. */
  readonly openOrders: readonly {
    readonly clientOrderId: string;
    readonly exchange: string;
    readonly pair: string;
  }[];
}

/** Where orders go. One adapter for paper and for each real venue. */
export interface Broker {
  readonly id: string;
  readonly name: string;
  /** True only for a real-money account. */
  readonly live: boolean;
  /** Places an order once; never resends. Does not throw for a refusal or a cut-off answer. */
  place(order: OrderRequest, options?: CallOptions): Promise<OrderOutcome>;
  /** Asks the venue what became of an order; undefined when the venue says it never had it. */
  find(order: OrderRequest, options?: CallOptions): Promise<OrderOutcome | undefined>;
  /**
   * What it holds and which orders are open, as it says itself.
   * @throws ExchangeFailure when it does not say.
   */
  account(options?: CallOptions): Promise<BrokerAccount>;
}
