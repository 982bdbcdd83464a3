import { type Series, type SeriesKey, seriesKey } from "../../market/series.ts";
import type { StoredSeries } from "../architect/protocol.ts";

/** The watchlist as it was stored when it was last looked at. */
export class StoredList {
  readonly #byKey = new Map<SeriesKey, StoredSeries>();

  add(series: StoredSeries): void {
    this.#byKey.set(seriesKey(series), series);
  }

  delete(series: Series): void {
    this.#byKey.delete(seriesKey(series));
  }

  all(): readonly StoredSeries[] {
    return [...this.#byKey.values()];
  }

  /** Whether anything on an exchange is followed. */
  names(exchange: string): boolean {
    return this.all().some((series) => series.exchange === exchange);
  }

  /** How a newer list differs from this one. */
  against(newer: readonly StoredSeries[]): {
    readonly joined: readonly StoredSeries[];
    readonly left: readonly StoredSeries[];
  } {
    const keys = new Set(newer.map(seriesKey));
    return {
      joined: newer.filter((series) => !this.#byKey.has(seriesKey(series))),
      left: this.all().filter((series) => !keys.has(seriesKey(series))),
    };
  }
}

/** A series without what the store knows of it. */
export function bare({ exchange, pair, timeframe }: Series): Series {
  return { exchange, pair, timeframe };
}
