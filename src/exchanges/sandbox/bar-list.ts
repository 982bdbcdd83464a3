import { openTimeAt, type Timeframe, timeframeMs } from "../../market/timeframe.ts";
import type { Bar, Listing, SandboxMarket } from "./market.ts";

export interface BarQuery {
  readonly timeframe: Timeframe;
  /** The first open time that may be meant, UTC ms; without it the newest bars are. */
  readonly fromMs?: number | undefined;
  /** The last open time that may be meant, UTC ms. */
  readonly toMs?: number | undefined;
  readonly limit: number;
}

/**
 * The bars of a pair, oldest first: the oldest ones from `fromMs`, or else the newest ones.
 * The one that contains now is there as far as it has come. Bars the market lacks are passed over
 * and do not count for the limit, so a bar is absent only when all its parts are.
 */
export function listBars(
  market: SandboxMarket,
  listing: Listing,
  query: BarQuery,
  nowMs: number,
): Bar[] {
  const { timeframe, fromMs, limit } = query;
  const step = timeframeMs(timeframe);
  const { firstMs, endMs } = market.span(listing);
  const oldest = openTimeAt(timeframe, firstMs);
  const newest = openTimeAt(timeframe, Math.min(nowMs, query.toMs ?? nowMs, endMs - 1));
  const barAt = (openTime: number): Bar | undefined =>
    // The instant that is now belongs to what has happened.
    market.barOver(listing, openTime, Math.min(openTime + step, nowMs + 1));

  const bars: Bar[] = [];
  if (fromMs === undefined) {
    for (let at = newest; at >= oldest && bars.length < limit; at -= step) {
      const bar = barAt(at);
      if (bar !== undefined) bars.push(bar);
    }
    return bars.reverse();
  }
  // A start off the grid means the first whole candle after it.
  const start = openTimeAt(timeframe, fromMs + step - 1);
  for (let at = Math.max(start, oldest); at <= newest && bars.length < limit; at += step) {
    const bar = barAt(at);
    if (bar !== undefined) bars.push(bar);
  }
  return bars;
}
