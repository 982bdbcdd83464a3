import type { Candle } from "../market/candle.ts";
import type { CandleSource } from "../market/events.ts";
import type { Series } from "../market/series.ts";

/** A candle as it was written, or an older form of it, with its proof. */
export interface LedgerRow extends Candle {
  /** UTC ms; a fraction means that somebody altered it. */
  readonly fetchedAt: number;
  readonly source: CandleSource;
  readonly attempt: number;
  /** 1 for the first form of a candle. */
  readonly revision: number;
  /** Place in the order of writing of its series, from 1 without holes. */
  readonly seq: number;
  /** SHA-256, base64; see docs/candle-ledger.md. */
  readonly hash: string;
  /** False for the older form of a revised candle. */
  readonly isNewest: boolean;
}

/** A series as the ledger knows it: what its chain must come to. */
export interface LedgerSeries extends Series {
  readonly id: number;
  /** How many candles the series says it has. */
  readonly candles: number;
  /** Place and hash of the row written last. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** Last rows of stretches that retention removed: what follows stands on these hashes. */
  readonly anchors: readonly { readonly seq: number; readonly hash: string }[];
}

/** The candles' own book, as it lies there. */
export interface LedgerStore {
  /** All series that were ever followed, by exchange, pair and timeframe. */
  series(): Promise<readonly LedgerSeries[]>;
  /** Up to `limit` rows after a place, ordered by open time and revision. */
  rows(
    series: LedgerSeries,
    limit: number,
    after?: { readonly openTime: number; readonly revision: number },
  ): Promise<readonly LedgerRow[]>;
}
