import type { Candle } from "../../market/candle.ts";
import type { CandleSource } from "../../market/events.ts";
import type { Portfolio } from "../../market/portfolio.ts";
import type { Series } from "../../market/series.ts";
import type { Topic } from "../../runtime/protocol.ts";

/** What the architect can be asked: it owns the database. */
export interface ArchitectProtocol {
  /** Stores closed candles and wakes the analyst of each new one that is still worth a signal. */
  readonly saveCandles: Topic<CandleBatch, SaveAnswer>;
  /** The same for candles of the past, which wait until those that have just closed are stored. */
  readonly saveHistory: Topic<CandleBatch, SaveAnswer>;
  /** Writes down what became of overdue candles. */
  readonly noteGaps: Topic<readonly GapReport[]>;
  /** The newest stored candles of a series, and the candle its analyst still owes an answer for. */
  readonly history: Topic<HistoryRequest, History>;
  /** Tells that an analyst is done with a candle. */
  readonly evaluated: Topic<{ readonly seriesId: number; readonly openTime: number }>;
  readonly watched: Topic<null, readonly StoredSeries[]>;
  /** A word that changes with the watchlist, through whichever hub it is changed. */
  readonly watchRevision: Topic<null, string>;
  /**
   * The followed series of an exchange that another hub may have looked after: what was known of
   * their candles is forgotten for what is stored now.
   */
  readonly takeUp: Topic<{ readonly exchange: string }, readonly StoredSeries[]>;
  readonly addSeries: Topic<
    SeriesChange & { readonly portfolio: string },
    { readonly series: StoredSeries; readonly added: boolean }
  >;
  readonly removeSeries: Topic<SeriesChange, boolean>;
  readonly portfolios: Topic<null, readonly Portfolio[]>;
  readonly savePortfolio: Topic<{ readonly portfolio: Portfolio; readonly by: string }>;
  /** True exactly once in the life of a database. */
  readonly firstUse: Topic<null, boolean>;
}

export interface SeriesChange {
  readonly series: Series;
  readonly by: string;
}

export interface StoredSeries extends Series {
  readonly id: number;
  readonly newestOpenTime: number | null;
}

export interface CandleBatch {
  readonly series: Series;
  readonly seriesId: number;
  /** Closed candles, oldest first. */
  readonly candles: readonly Candle[];
  readonly source: CandleSource;
  readonly attempt: number;
  /** When the exchange's answer was in hand, UTC ms on the hub's clock. */
  readonly fetchedAt: number;
  /** The same moment on the machine's clock, ms; latency is measured from here. */
  readonly answeredAt: number;
  /** Open time of the one candle that may wake the analyst; null for history. */
  readonly wakes: number | null;
}

/** Open times, UTC ms. All other candles of the batch were stored already, unchanged. */
export interface SaveAnswer {
  readonly added: readonly number[];
  readonly revised: readonly number[];
}

export interface GapReport {
  readonly series: Series;
  readonly seriesId: number;
  readonly openTime: number;
  /** See the store's gap states: overdue, discarded, confirmed absent by the venue, arrived late. */
  readonly state: "pending" | "missing" | "empty" | "healed";
  readonly reason: string;
  readonly attempts: number;
}

export interface HistoryRequest {
  readonly series: Series;
  readonly seriesId: number;
  readonly limit: number;
  /** True for an analyst that will think about the owed candle; anybody else leaves it to it. */
  readonly takesOwed: boolean;
}

export interface History {
  /** Oldest first. */
  readonly candles: readonly Candle[];
  /** Open times of candles that are absent and that the venue may still have. */
  readonly missing: readonly number[];
  /** Open times of candles that the venue is taken not to have. */
  readonly empty: readonly number[];
  /** A wake that was given and never confirmed: the analyst failed on the way. Given once more. */
  readonly owed: { readonly openTime: number; readonly answeredAt: number } | null;
}
