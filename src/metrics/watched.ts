import type { Portfolio } from "../market/portfolio.ts";
import { type Series, seriesKey } from "../market/series.ts";
import type { Maker } from "./make.ts";

/** How many series are followed; those of several portfolios count once. */
export class WatchedMetrics {
  readonly #watched;

  constructor(make: Maker) {
    this.#watched = make.gauge("engine_series_watched", "Series that portfolios follow", [
      "exchange",
      "timeframe",
    ]);
  }

  set(portfolios: readonly Portfolio[]): void {
    const all = portfolios.flatMap(({ series }) => series);
    const series = new Map<string, Series>(all.map((one) => [seriesKey(one), one]));
    this.#watched.reset();
    for (const { exchange, timeframe } of series.values())
      this.#watched.inc({ exchange, timeframe });
  }
}
