import type { PaperLedger } from "../exchanges/paper/ledger.ts";
import type { Candle } from "../market/candle.ts";
import type { DecimalText } from "../market/decimal.ts";
import type { CandleSource } from "../market/events.ts";
import type { Portfolio } from "../market/portfolio.ts";
import type { Series } from "../market/series.ts";
import type { Timeframe } from "../market/timeframe.ts";
import type { GapFate, GapState } from "./gap-fate.ts";
import type { LeaseStore } from "./lease-port.ts";
import type { LedgerStore } from "./ledger-port.ts";
import type { NotificationStore } from "./notification-port.ts";
import type { OutboxStore } from "./outbox-port.ts";
import type { RequestStore } from "./request-port.ts";
import type { RunStore } from "./run-port.ts";
import type { TokenStore } from "./token-port.ts";
import type { TraceStore } from "./trace-port.ts";
import type { TradeStore } from "./trade-port.ts";
import type { UpkeepStore } from "./upkeep-port.ts";

/** A JSON value: what a database function takes and gives. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The connections to a database. */
export interface PoolFigures {
  readonly idle: number;
  readonly busy: number;
  /** Calls that found no free connection. */
  readonly waiting: number;
}

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
  /** Its connections now; absent where others keep them. */
  readonly pool?: (() => PoolFigures) | undefined;
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
  /** Rows that have neither the row before them nor what retention kept of it: they cannot be checked. */
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
  /** Makes the partitions that rows of a timeframe between two instants need. Repeatable. */
  ensurePartitions(timeframe: Timeframe, fromMs: number, toMs: number): Promise<void>;
  count(): Promise<number>;
  /** Recomputes the hash chain of a series. */
  verify(series: Series): Promise<ChainReport>;
}

export interface Gap extends Series, GapFate {
  /**
   * When its window was over without the candle, UTC ms: no signal ever comes of it. Null while the
   * window runs, and for a candle that came within it.
   */
  readonly discardedAt: number | null;
  /** Place in the list; page with it. */
  readonly id: number;
  readonly openTime: number;
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
  /**
   * Writes notes. A gap moves forward only, to its end as healed; a candle that is stored is none.
   * Returns the notes that changed something.
   */
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
  /** A word that changes with the list, whoever changes it. */
  revision(): Promise<string>;
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

/** Best prices of a pair as they came from its exchange. */
export interface PriceQuote {
  readonly exchange: string;
  readonly pair: string;
  readonly bid: DecimalText;
  readonly ask: DecimalText;
  /** UTC ms on the hub's clock. */
  readonly at: number;
}

/** The account picture for dashboards, one row that is overwritten; prices, pings, the audit log. */
export interface PulseStore {
  saveSnapshot(snapshot: { readonly [key: string]: Json }, at: number): Promise<void>;
  snapshot(): Promise<{ readonly [key: string]: Json } | null>;
  ping(instance: string, status: string, at: number): Promise<void>;
  /**
   * Keeps the newest price of every followed pair, from its candles, and of those with a quote.
   * Answers how many were news; a price that is kept already is none.
   */
  savePrices(quotes: readonly PriceQuote[]): Promise<number>;
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
  readonly ledger: LedgerStore;
  readonly watch: WatchStore;
  readonly trade: TradeStore;
  readonly traces: TraceStore;
  /** What the paper venue remembers. */
  readonly paper: PaperLedger;
  readonly leases: LeaseStore;
  readonly pulse: PulseStore;
  readonly upkeep: UpkeepStore;
  readonly runs: RunStore;
  readonly outbox: OutboxStore;
  readonly notifications: NotificationStore;
  readonly tokens: TokenStore;
  readonly requests: RequestStore;
  readonly database: Database;
}
