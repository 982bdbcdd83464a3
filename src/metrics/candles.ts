import type { CandleSource } from "../market/events.ts";
import { type Series, seriesKey } from "../market/series.ts";
import { closeTimeOf, TIMEFRAMES, timeframeMs } from "../market/timeframe.ts";
import { type Maker, seconds } from "./make.ts";

const SOURCES: readonly CandleSource[] = ["poll", "retry", "bootstrap", "backfill"];
/** The one metric with a pair in it; beyond this many series the rest goes untold. */
const MOST_SERIES = 2_000;

/** Candles: how late, how many, how fresh. */
export class CandleMetrics {
  readonly #lag;
  readonly #lastClose;
  readonly #stored;
  readonly #rejected;
  readonly #newest = new Map<string, number>();
  readonly #known = new Set<string>();

  constructor(make: Maker) {
    this.#lag = make.histogram(
      "engine_candle_lag_seconds",
      "Candle close to durable write",
      ["exchange", "timeframe"],
      [0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300],
    );
    this.#lastClose = make.gauge(
      "engine_candle_last_close_timestamp_seconds",
      "Close time of the newest stored candle",
      ["exchange", "pair", "timeframe"],
    );
    const length = make.gauge("engine_timeframe_seconds", "Length of the timeframe", ["timeframe"]);
    for (const timeframe of TIMEFRAMES) length.set({ timeframe }, timeframeMs(timeframe) / 1_000);
    this.#stored = make.counter("engine_candles_stored_total", "Candles written, by origin", [
      "exchange",
      "timeframe",
      "source",
    ]);
    this.#rejected = make.counter(
      "engine_candles_rejected_total",
      "Answers with rows refused by validation",
      ["exchange", "reason"],
    );
  }

  /** Starts the counters of an exchange and timeframe at zero, the first time it is heard of. */
  know({ exchange, timeframe }: Series): void {
    const key = `${exchange}:${timeframe}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#lag.zero({ exchange, timeframe });
    for (const source of SOURCES) this.#stored.inc({ exchange, timeframe, source }, 0);
    this.#rejected.inc({ exchange, reason: "corrupt" }, 0);
  }

  stored(series: Series, source: CandleSource, count: number): void {
    const { exchange, timeframe } = series;
    this.#stored.inc({ exchange, timeframe, source }, count);
  }

  /** Only a candle that was waited for is late; history is old by nature. */
  late(series: Series, ms: number): void {
    const { exchange, timeframe } = series;
    this.#lag.observe({ exchange, timeframe }, seconds(ms));
  }

  newest(series: Series, openTime: number): void {
    const key = seriesKey(series);
    const before = this.#newest.get(key);
    if (before !== undefined ? before >= openTime : this.#newest.size >= MOST_SERIES) return;
    this.#newest.set(key, openTime);
    const { exchange, pair, timeframe } = series;
    this.#lastClose.set({ exchange, pair, timeframe }, closeTimeOf(timeframe, openTime) / 1_000);
  }

  rejected(series: Series): void {
    this.#rejected.inc({ exchange: series.exchange, reason: "corrupt" });
  }

  /** A series that nobody follows any more must not look stale. */
  forget(series: Series): void {
    if (!this.#newest.delete(seriesKey(series))) return;
    const { exchange, pair, timeframe } = series;
    this.#lastClose.remove({ exchange, pair, timeframe });
  }
}
