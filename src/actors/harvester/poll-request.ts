import type { CandleRequest, MarketData } from "../../exchanges/port.ts";
import { timeframeMs } from "../../market/timeframe.ts";
import type { Followed } from "./followed.ts";
import { isTraded } from "./is-traded.ts";

/** Rows asked for beside those that are due: a closed candle may still have changed. */
const OVERLAP_CANDLES = 3;

/**
 * Most rows of one poll: what a series holds in memory while the database is away is twice this. When
 * more is due it is asked for page by page, the oldest first, and the next page once one is stored.
 */
const MOST_ROWS = 500;

/** Most rows that one poll asks for. */
export function mostRows({ maxCandles }: MarketData): number {
  return Math.min(maxCandles, MOST_ROWS);
}

/** k + 3 rows: k that are due, and those before them once more. */
export function requestFor(
  market: MarketData,
  followed: Followed,
  expected: number,
): CandleRequest {
  const { pair, timeframe } = followed.series;
  const step = timeframeMs(timeframe);
  const oldest = Math.min(followed.newest ?? expected, expected);
  const most = mostRows(market);
  const traded = isTraded(market, followed.series);
  let due = 0;
  for (let at = expected; at > oldest && due < most; at -= step) if (traded(at)) due += 1;
  // One row more, since the newest one is normally still open.
  const limit = due + OVERLAP_CANDLES + 1;
  if (due <= 1) return { pair, timeframe, limit };
  // The newest so many need not be those that are due: our idea of the venue's time may be behind.
  const sinceMs = oldest - (OVERLAP_CANDLES - 1) * step;
  return { pair, timeframe, sinceMs, limit: Math.min(limit, most) };
}
