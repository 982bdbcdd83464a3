import type { Lateness, Liveness } from "../market/liveness.ts";
import type { Portfolio } from "../market/portfolio.ts";
import { type Series, seriesKey } from "../market/series.ts";
import type { Maker } from "./make.ts";

const REASONS: readonly Lateness[] = ["no-candle", "gap", "no-thought"];

/** How many series are followed; those of several portfolios count once. */
export class WatchedMetrics {
  readonly #watched;
  readonly #due;
  readonly #late;

  constructor(make: Maker) {
    this.#watched = make.gauge("engine_series_watched", "Series that portfolios follow", [
      "exchange",
      "timeframe",
    ]);
    this.#due = make.gauge("engine_series_due", "Series of this hub that had a close to work off");
    this.#late = make.gauge(
      "engine_series_late",
      "Series whose newest close was not worked off in time",
      ["reason"],
    );
  }

  live({ due, late }: Pick<Liveness, "due" | "late">): void {
    this.#due.set(due);
    for (const reason of REASONS) {
      this.#late.set({ reason }, late.filter(({ why }) => why === reason).length);
    }
  }

  set(portfolios: readonly Portfolio[]): void {
    const all = portfolios.flatMap(({ series }) => series);
    const series = new Map<string, Series>(all.map((one) => [seriesKey(one), one]));
    this.#watched.reset();
    for (const { exchange, timeframe } of series.values())
      this.#watched.inc({ exchange, timeframe });
  }
}
