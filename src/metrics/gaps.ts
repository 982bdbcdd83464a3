import { type Series, seriesKey } from "../market/series.ts";
import type { Maker } from "./make.ts";

/** Missing candles: those known to be missing, and those that came after all. */
export class GapMetrics {
  readonly #open;
  readonly #repaired;
  readonly #opened;
  /** Open times by series, so that a gap told twice counts once and none goes below zero. */
  readonly #gaps = new Map<string, Set<number>>();
  readonly #counts = new Map<string, number>();

  constructor(make: Maker) {
    this.#open = make.gauge("engine_candle_gaps_open", "Missing candles known", [
      "exchange",
      "timeframe",
    ]);
    this.#opened = make.counter(
      "engine_candle_gaps_opened_total",
      "Candles that were not had by their deadline",
      ["exchange", "timeframe"],
    );
    this.#repaired = make.counter("engine_candle_gaps_repaired_total", "Missing candles repaired", [
      "exchange",
      "timeframe",
    ]);
  }

  know({ exchange, timeframe }: Series): void {
    const key = `${exchange}:${timeframe}`;
    if (this.#counts.has(key)) return;
    this.#counts.set(key, 0);
    this.#open.set({ exchange, timeframe }, 0);
    this.#repaired.inc({ exchange, timeframe }, 0);
    this.#opened.inc({ exchange, timeframe }, 0);
  }

  /** A gap of this run, which was an opportunity given up. */
  opened(series: Series, openTime: number): void {
    if (!this.found(series, openTime)) return;
    const { exchange, timeframe } = series;
    this.#opened.inc({ exchange, timeframe });
  }

  /** A gap that is there, as one of an earlier run; false when it is known. */
  found(series: Series, openTime: number): boolean {
    const key = seriesKey(series);
    const held = this.#gaps.get(key) ?? new Set<number>();
    if (held.has(openTime)) return false;
    this.#gaps.set(key, held.add(openTime));
    this.#add(series, 1);
    return true;
  }

  /** @param repaired false when the venue confirmed that it has no such candle. */
  closed(series: Series, openTime: number, repaired: boolean): void {
    const { exchange, timeframe } = series;
    if (repaired) this.#repaired.inc({ exchange, timeframe });
    const key = seriesKey(series);
    const held = this.#gaps.get(key);
    if (held?.delete(openTime) !== true) return;
    if (held.size === 0) this.#gaps.delete(key);
    this.#add(series, -1);
  }

  forget(series: Series): void {
    const held = this.#gaps.get(seriesKey(series));
    if (held === undefined) return;
    this.#gaps.delete(seriesKey(series));
    this.#add(series, -held.size);
  }

  #add({ exchange, timeframe }: Series, by: number): void {
    const key = `${exchange}:${timeframe}`;
    const count = (this.#counts.get(key) ?? 0) + by;
    this.#counts.set(key, count);
    this.#open.set({ exchange, timeframe }, count);
  }
}
