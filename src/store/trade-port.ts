import type { DecimalText } from "../market/decimal.ts";
import type { Halt, HaltCause, HaltOrder, HaltScope } from "../market/halt.ts";
import type { Fill, Order, OrderRequest } from "../market/order.ts";
import type { EquityDay } from "../market/performance/equity-curve.ts";
import type { Account } from "../market/portfolio.ts";
import type { Position } from "../market/position.ts";
import type { Series } from "../market/series.ts";
import type { RawSignal } from "../market/signal.ts";
import type { Origin } from "../market/trace.ts";
import type { Verdict } from "../market/verdict.ts";
import type { Fence } from "./lease-port.ts";

/** A signal with the order it shall become, when the verdict accepts it. */
export interface Decision {
  readonly signal: RawSignal;
  readonly verdict: Verdict;
  /** Present exactly when the verdict accepts. */
  readonly order?: OrderRequest;
}

/** What became of decisions that were handed in. */
interface Decided {
  /** Ids of the signals that were decided now. */
  readonly decided: readonly string[];
  /**
   * Signals that had their verdict already, and when it was given, UTC ms: by somebody else, or by an
   * earlier try of the same call whose answer was lost.
   */
  readonly earlier: readonly { readonly id: string; readonly decidedAt: number }[];
}

/** What the Gatekeeper measures its limits against; read in one snapshot. */
export interface RiskState {
  readonly account: Account;
  readonly positions: readonly Position[];
  /** Queued or working orders: their exposure counts before it exists. */
  readonly working: readonly (OrderRequest & { readonly reservedQuote: DecimalText })[];
  /** Orders of signals accepted since the start of the UTC day. */
  readonly tradesToday: number;
  /** Newest end of a position by `exchange:pair`, UTC ms. */
  readonly lastClosedAt: Readonly<Record<string, number>>;
  /** What is held back; all that stands, oldest first. */
  readonly halts: readonly Halt[];
  /** Rises with every change of the above; a decision made on an older one is refused. */
  readonly revision: number;
}

export interface QueueItem {
  readonly id: number;
  readonly signalId: string;
  readonly order: OrderRequest;
  readonly attempts: number;
  readonly enqueuedAt: number;
  readonly status: "pending" | "claimed" | "done";
}

/** A trade as people see it: a position from its opening to its end. */
export interface TradeRow {
  readonly id: string;
  readonly exchange: string;
  readonly pair: string;
  readonly side: "buy" | "sell";
  readonly quantity: DecimalText;
  readonly entryPrice: DecimalText;
  readonly exitPrice: DecimalText | null;
  readonly pnl: DecimalText | null;
  readonly status: "open" | "closed";
  readonly strategy: string;
  readonly stopLoss: DecimalText | null;
  readonly takeProfit: DecimalText | null;
  readonly openedAt: number;
  readonly closedAt: number | null;
}

export interface SignalRow {
  readonly signal: RawSignal;
  readonly verdict: Verdict | null;
  /** Place in the list; page with it. */
  readonly seq: number;
}

export interface TradeStore {
  riskState(dayStartMs: number): Promise<RiskState>;
  /**
   * Stores signals with their verdicts, and in the same transaction queues what was accepted and
   * reserves its money. A signal that has a verdict already keeps it. Refuses with `stale-revision`
   * when the risk state has moved on since.
   */
  decide(decisions: readonly Decision[], revision: number): Promise<Decided>;
  /**
   * Takes up to n waiting items for a worker; another worker gets others. Taken again after the
   * limit, and at once behind a later fence. Refused with `lease-lost` behind a fence that has fallen.
   */
  claim(
    worker: string,
    n: number,
    visibilityMs: number,
    fence: Fence,
  ): Promise<readonly QueueItem[]>;
  /** Ends an item; refused when another worker holds it meanwhile. */
  finish(item: QueueItem, worker: string): Promise<void>;
  /** What was accepted, newest first; `before` only what is numbered below. */
  queue(limit: number, before?: number): Promise<readonly QueueItem[]>;
  /**
   * Writes an order down, or answers the one of the same client order id: `created` tells which.
   * Refused with `lease-lost` behind a fence that has fallen.
   */
  createOrder(
    order: OrderRequest,
    at: number,
    fence: Fence,
  ): Promise<{ readonly order: Order; readonly created: boolean }>;
  /**
   * Moves an order on, and in the same transaction its fills, position, cash and reservation.
   * With a fence it is refused with `lease-lost` once that has fallen.
   */
  settle(change: Settlement, fence?: Fence): Promise<void>;
  order(clientOrderId: string): Promise<Order | undefined>;
  /**
   * The candle that a signal or an order came of, by its id; undefined for an id of neither. A stop
   * or target came of the candle whose signal opened the position.
   */
  origin(id: string): Promise<Origin | undefined>;
  /** Ids of the fills of an order that are settled already. */
  fillIds(clientOrderId: string): Promise<readonly string[]>;
  /** Orders, newest first; `working` only those not ended, `before` only those behind the order of that id. */
  orders(filter: { working?: boolean; limit: number; before?: string }): Promise<readonly Order[]>;
  /** Positions, newest first; `open` only those still held, `before` only those behind that one's id. */
  positions(filter: {
    open: boolean;
    limit: number;
    before?: string;
  }): Promise<readonly Position[]>;
  position(exchange: string, pair: string): Promise<Position | undefined>;
  trades(filter: {
    limit: number;
    offset: number;
  }): Promise<{ readonly trades: readonly TradeRow[]; readonly total: number }>;
  /** Closed trades whose end lies in [from, to), oldest first. */
  closedTrades(fromMs: number, toMs: number): Promise<readonly TradeRow[]>;
  signals(filter: {
    limit: number;
    beforeSeq?: number;
    series?: Series;
    decision?: "accepted" | "refused";
  }): Promise<readonly SignalRow[]>;
  /** @throws StoreFailure `no-account` before {@link openAccount} was ever called. */
  account(): Promise<Account>;
  /** Opens the account with its first cash; one that is there already stays as it is. Answers it. */
  openAccount(broker: string, currency: string, cash: DecimalText, at: number): Promise<Account>;
  /** Marks the account to market: its UTC day, peak, and the day's start when a new one began. */
  mark(equity: DecimalText, at: number): Promise<void>;
  /** What the account was worth by UTC day, from the last day that began before, oldest first. */
  equityDays(fromMs: number): Promise<readonly EquityDay[]>;
  /**
   * Holds a part back, or everything. Where the same scope is halted for the same cause already, that
   * keeps its reason in the same mode (`changed` is false) and gives way to another one.
   */
  halt(
    order: HaltOrder,
    at: number,
  ): Promise<{ readonly before: boolean; readonly changed: boolean }>;
  /** Ends what holds back exactly this, for one cause or for any; answers how many halts that were. */
  resume(scope: HaltScope, by: string, at: number, cause?: HaltCause): Promise<number>;
  /** All halts that stand, oldest first. */
  halts(): Promise<readonly Halt[]>;
}

/** One step of an order. All of it happens, or none; the same step again changes nothing. */
export interface Settlement {
  readonly order: Order;
  readonly fills: readonly Fill[];
  /** The position after these fills; absent when there were none. */
  readonly position?: Position;
  /** Change of cash by these fills, quote currency. */
  readonly cashDelta: DecimalText;
  /** True when the order ended: what was reserved for it is free again. */
  readonly release: boolean;
}
