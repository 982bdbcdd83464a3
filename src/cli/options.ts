import { InvalidArgumentError } from "commander";
import { parseSeriesKey, type Series } from "../market/series.ts";

/** The hub hands out no longer lists in one answer. */
const MOST_ROWS = 1_000;

/** Reads `--limit`. */
export function rowLimit(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MOST_ROWS) return value;
  throw new InvalidArgumentError(`must be a whole number from 1 to ${String(MOST_ROWS)}.`);
}

/** Reads `--port`. */
export function listenPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("must be a port from 0 to 65535.");
}

/** Reads `--series`, written `binance:BTC/USDT:15m`. */
export function seriesOption(text: string): Series {
  const series = parseSeriesKey(text);
  if (series !== undefined) return series;
  throw new InvalidArgumentError(
    "must be written exchange:PAIR:timeframe, e.g. binance:BTC/USDT:15m.",
  );
}
