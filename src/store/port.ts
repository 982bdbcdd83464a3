import type { Candle } from "../market/candle.ts";
import type { DecimalText } from "../market/decimal.ts";
import type { CandleSource } from "../market/events.ts";
import type { Fill, Order, OrderRequest } from "../market/order.ts";
import type { Account, Portfolio } from "../market/portfolio.ts";
import type { Position } from "../market/position.ts";
import type { Series } from "../market/series.ts";
import type { RawSignal } from "../market/signal.ts";
import type { Timeframe } from "../market/timeframe.ts";
import type { Verdict } from "../market/verdict.ts";

/** A JSON value: what a database function takes and gives. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * The one door to the database: a named function with named arguments. Every function may be
 * repeated without harm, since after a time limit the write may have happened.
 * @throws StoreFailure; `offline` may pass, `refused` carries the function's own code.
 */
export interface Database {
  call(
    fn: string,
    args: { readonly [name: string]: unknown },
    options?: { timeoutMs?: number },
  ): Promise<unknown>;
  /** Whether the last call or probe reached the database. */
  health(): { readonly state: "ok" | "offline"; readonly reason: string };
  close(): Promise<void>;
}

/** A followed series with its small integer key, and how far its data goes. */
export interface KnownSeries extends Series {
  readonly id: number;
  /** Open time of the newest stored candle, UTC ms. */
  readonly newestOpenTime: number | null;
  /** Open time of the newest candle an analyst has finished with, UTC ms. */
  readonly evaluatedTo: number | null;
}

export interface CandleRow extends Candle {
  readonly seriesId: number;
  readonly source: CandleSource;
  /** 1 for the first try. */
  readonly attempt: number;
  /** When the answer was in hand, UTC ms on the hub's clock. */
  readonly fetchedAt: number;
}

/** Indexes into the rows that were handed in; all others were there already, unchanged. */
interface UpsertAnswer {
  readonly added: readonly number[];
  readonly revised: readonly number[];
}

/** What a walk along the hash chain of a series found. */
export interface ChainReport {
  /** Rows walked, older forms of revised candles included. */
  readonly rows: number;
  /** Rows whose predecessor is gone, as after old months were dropped: they cannot be checked. */
  readonly unlinked: number;
  /** The first row, in the order of writing, that does not stand on the row before it. */
  readonly broken: { readonly seq: number; readonly openTime: number } | null;
  /** Whether the newest row is the one that the series names as its head. */
  readonly headFits: boolean;
}

export interface CandleStore {
  /** Writes closed candles of one timeframe. Idempotent; a changed row keeps its old form as a revision. */
  upsert(timeframe: Timeframe, rows: readonly CandleRow[]): Promise<UpsertAnswer>;
  /** The newest candles that open at or before an instant, oldest first. */
  last(series: KnownSeries, limit: number, untilMs?: number): Promise<readonly Candle[]>;
  /** Candles that open in [from, to), oldest first, at most `limit` of them. */
  range(series: Series, fromMs: number, toMs: number, limit: number): Promise<readonly Candle[]>;
  /** Makes the partitions that rows between two instants need. Repeatable. */
  ensurePartitions(fromMs: number, toMs: number): Promise<void>;
  count(): Promise<number>;
  /** Recomputes the hash chain of a series. */
  verify(series: Series): Promise<ChainReport>;
}

/**
 * `pending`: PENDING_RETRY, the candle is overdue and its own window still runs. `missing`: the
 * window is over, no signal will come of it. `empty`: the venue itself has no such candle.
 * `healed`: it came later, as history.
 */
export type GapState = "pending" | "missing" | "empty" | "healed";

export interface Gap extends Series {
  /** Place in the list; page with it. */
  readonly id: number;
  readonly openTime: number;
  readonly state: GapState;
  readonly reason: string;
  readonly attempts: number;
  readonly noticedAt: number;
  /** When it turned out empty or healed, UTC ms. */
  readonly settledAt: number | null;
}

export interface GapNote {
  readonly seriesId: number;
  readonly openTime: number;
  readonly state: GapState;
  readonly reason: string;
  readonly attempts: number;
  readonly at: number;
}

export interface GapStore {
  /** Writes notes; a healed or empty gap is never turned back. Returns the notes that changed something. */
  note(notes: readonly GapNote[]): Promise<readonly GapNote[]>;
  list(filter: {
    state?: GapState;
    series?: Series;
    limit: number;
    beforeId?: number;
  }): Promise<readonly Gap[]>;
  /** Open times of a series' gaps of a state within [from, to]. */
  openTimes(
    seriesId: number,
    fromMs: number,
    toMs: number,
    states: readonly GapState[],
  ): Promise<readonly number[]>;
}

export interface WatchStore {
  /** All followed series with their ids. */
  active(): Promise<readonly KnownSeries[]>;
  /** Follows a series in a portfolio; answers whether anything changed. */
  add(
    portfolio: string,
    series: Series,
    by: string,
    at: number,
  ): Promise<{ series: KnownSeries; added: boolean }>;
  /** Stops following a series in every portfolio; answers whether it was followed. */
  remove(series: Series, by: string, at: number): Promise<boolean>;
  portfolios(): Promise<readonly Portfolio[]>;
  /** Creates a portfolio or replaces what it follows. */
  savePortfolio(portfolio: Portfolio, by: string, at: number): Promise<void>;
  /** True only the first time it is called on this database: then a default portfolio is due. */
  firstUse(): Promise<boolean>;
  /** Moves the mark up to which analysts have finished. Never back. */
  markEvaluated(
    marks: readonly { readonly seriesId: number; readonly openTime: number }[],
  ): Promise<void>;
  /** Who added or removed what, newest first. */
  history(limit: number, beforeId?: number): Promise<readonly WatchChange[]>;
}

/** One line of the watchlist's history. */
export interface WatchChange extends Series {
  readonly id: number;
  readonly portfolio: string;
  readonly change: "added" | "removed";
  readonly by: string;
  /** UTC ms. */
  readonly at: number;
}

/** A signal with the order it shall become, when the verdict accepts it. */
export interface Decision {
  readonly signal: RawSignal;
  readonly verdict: Verdict;
  /** Present exactly when the verdict accepts. */
  readonly order?: OrderRequest;
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
  readonly halted: { readonly by: string; readonly reason: string; readonly at: number } | null;
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
   * reserves its money. A signal that has a verdict already keeps it. Answers the ids that were
   * decided now. Refuses with `stale-revision` when the risk state has moved on since.
   */
  decide(
    decisions: readonly Decision[],
    revision: number,
  ): Promise<{ readonly decided: readonly string[] }>;
  /** Takes up to n waiting items for a worker; another worker gets others. Taken again after the limit. */
  claim(worker: string, n: number, visibilityMs: number): Promise<readonly QueueItem[]>;
  /** Ends an item; refused when another worker holds it meanwhile. */
  finish(item: QueueItem, worker: string): Promise<void>;
  queue(limit: number): Promise<readonly QueueItem[]>;
  /** Writes an order down, or answers the one of the same client order id: `created` tells which. */
  createOrder(
    order: OrderRequest,
    at: number,
  ): Promise<{ readonly order: Order; readonly created: boolean }>;
  /** Moves an order on, and in the same transaction its fills, position, cash and reservation. */
  settle(change: Settlement): Promise<void>;
  order(clientOrderId: string): Promise<Order | undefined>;
  /** Ids of the fills of an order that are settled already. */
  fillIds(clientOrderId: string): Promise<readonly string[]>;
  /** Orders, newest first; `working` only those not ended, `before` only those created before, UTC ms. */
  orders(filter: { working?: boolean; limit: number; before?: number }): Promise<readonly Order[]>;
  /** Positions, newest first; `open` only those still held. */
  positions(filter: { open: boolean; limit: number }): Promise<readonly Position[]>;
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
  /** Marks the account to market: peak, and the day's start when a new UTC day began. */
  mark(equity: DecimalText, at: number): Promise<void>;
  halt(by: string, reason: string, at: number): Promise<void>;
  resume(by: string, at: number): Promise<void>;
  halted(): Promise<{ readonly by: string; readonly reason: string; readonly at: number } | null>;
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

/** The account picture for dashboards, one row that is overwritten, and pings. */
export interface PulseStore {
  saveSnapshot(snapshot: { readonly [key: string]: Json }, at: number): Promise<void>;
  snapshot(): Promise<{ readonly [key: string]: Json } | null>;
  ping(instance: string, status: string, at: number): Promise<void>;
  audit(entry: { at: number; who: string; what: string; detail: Json }): Promise<void>;
  auditLog(
    limit: number,
    beforeId?: number,
  ): Promise<readonly { id: number; at: number; who: string; what: string; detail: Json }[]>;
  /** Recomputes the hash chain of the audit log; `broken` is the id of the first line that does not fit. */
  verifyAudit(): Promise<{ readonly rows: number; readonly broken: number | null }>;
}

/** Everything the hub keeps. */
export interface Store {
  readonly candles: CandleStore;
  readonly gaps: GapStore;
  readonly watch: WatchStore;
  readonly trade: TradeStore;
  readonly pulse: PulseStore;
  readonly database: Database;
}
