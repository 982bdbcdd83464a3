import type { Series } from "../../market/series.ts";

/** A series as its harvester knows it. All of it can be had again from the store. */
export class Followed {
  readonly series: Series;
  readonly seriesId: number;
  /** Candles its analyst needs. */
  readonly candles: number;
  /** Open time of the newest stored candle, UTC ms; undefined before the first load. */
  newest: number | undefined;
  /** Overdue candles that may still come, by open time. */
  readonly gaps = new Set<number>();
  /** The pursuit of the candle that closed last; aborted by the next close. */
  pursuit: AbortController | undefined;
  /** Open time of the candle pursued last, UTC ms. */
  pursued: number | undefined;
  /** True once nobody follows it any more. */
  isOver = false;
  /** The running first load, shared by whoever asks for it. */
  loading: Promise<number> | undefined;

  constructor(series: Series, seriesId: number, candles: number) {
    this.series = series;
    this.seriesId = seriesId;
    this.candles = candles;
  }

  /** Ends whatever is under way, without a word about the candle that was pursued. */
  end(): void {
    this.isOver = true;
    this.pursuit?.abort();
  }
}
