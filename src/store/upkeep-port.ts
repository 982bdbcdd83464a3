import type { Timeframe } from "../market/timeframe.ts";

/**
 * What one small step did. `more`: there is work left, take another. `busy`: nothing was done,
 * another hub is at it or a table was in use; try again later.
 */
export type Step<Done> = ({ readonly kind: "done"; readonly more: boolean } & Done) | Busy;

interface Busy {
  readonly kind: "busy";
}

/** How many rows a step removed. */
interface Removed {
  readonly rows: number;
}

/** What a step of {@link UpkeepStore.trim} removed. */
interface Trimmed {
  readonly candles: number;
  readonly revisions: number;
  readonly gaps: number;
}

/** Which candles of a timeframe are old. */
export interface CandleAge {
  readonly timeframe: Timeframe;
  /** Candles that opened longer ago than this are old, ms; null: none ever is. */
  readonly keepMs: number | null;
  /** Age counts from here, or from the newest candle of the timeframe when that is earlier; UTC ms. */
  readonly nowMs: number;
}

/** Rows that are forgotten by their age alone; `gaps` are those that healed. */
export type Forgettable = "gaps" | "queue" | "verdicts" | "events" | "prices" | "pings";

/**
 * Keeps the database from growing for ever. Every method is a small step, to be repeated while it
 * says that there is more.
 */
export interface UpkeepStore {
  /**
   * Removes single old candles where they lie in one table, old forms of revised candles, and gaps
   * as old as the candles around them.
   * @param revisedBefore old forms fetched before it go as well, however young the candle; UTC ms.
   */
  trim(age: CandleAge, revisedBefore?: number): Promise<Step<Trimmed>>;
  /**
   * Drops months whose candles are all old, one after the other. Each is counted first, over many
   * steps, while it is still there; then it is gone at a stroke, and `month` names it.
   */
  retire(age: CandleAge): Promise<Step<{ readonly month: string | null } & Removed>>;
  /** Removes rows older than an instant that nothing refers to. */
  forget(what: Forgettable, beforeMs: number): Promise<Step<Removed>>;
  /**
   * Lays the candles of one month that ended before an instant in the order in which they are read;
   * names it as `1m 2026-01`, or null while none is done.
   */
  tidy(endedBeforeMs: number): Promise<Step<{ readonly month: string | null }>>;
  /** How much there is of everything. */
  figures(options?: { readonly months: boolean }): Promise<StoreFigures>;
}

/** Bytes on the disk. */
interface Size {
  /** Rows, and what they keep outside their row. */
  readonly tableBytes: number;
  readonly indexBytes: number;
  readonly totalBytes: number;
}

/** Rows; `exact` when they were counted, else as the database's last analysis had them. */
interface RowCount {
  readonly rows: number;
  readonly exact: boolean;
}

interface TableFigures extends Size, RowCount {
  readonly name: string;
  /** Instants of the first and the last row, UTC ms; null without rows, or where none is told. */
  readonly oldest: number | null;
  readonly newest: number | null;
}

export interface MonthFigures extends Size, RowCount {
  /** `2026-01`, or `default` for candles whose month has no table of its own. */
  readonly month: string;
}

/** The candles of one timeframe, whatever tables they lie in; their number is exact. */
export interface CandleFigures extends Size {
  readonly timeframe: Timeframe;
  readonly rows: number;
  /** Null without candles. */
  readonly bytesPerCandle: number | null;
  /** Open times of the first and the last candle, UTC ms. */
  readonly oldest: number | null;
  readonly newest: number | null;
  /** Where they lie in months, and months were asked for. */
  readonly months: readonly MonthFigures[];
}

export interface StoreFigures {
  readonly databaseBytes: number;
  readonly tables: readonly TableFigures[];
  readonly candles: readonly CandleFigures[];
}
