import { type Timeframe, timeframeMs } from "../../market/timeframe.ts";

/** Waits after the first tries that did not bring the candle, ms: venues are mostly a moment late. */
const FAST_WAITS_MS = [2_000, 5_000, 8_000, 15_000, 15_000] as const;

/** From the first try until the series counts as pending, ms. */
export const FAST_WINDOW_MS = FAST_WAITS_MS.reduce((sum, waitMs) => sum + waitMs, 0);

const LONGEST_SLOW_WAIT_MS = 5 * 60_000;

/** What to do after a try that did not bring the candle. */
export interface NextTry {
  readonly waitMs: number;
  /** True from the moment on at which the series counts as PENDING_RETRY. */
  readonly pending: boolean;
}

/**
 * The wait after the n-th try in vain: 2, 5, 8, 15, 15 s, then a fifth of the timeframe but at most
 * five minutes, on and on until the next close ends the matter.
 * @param attempt 1 for the first try.
 */
export function nextTry(timeframe: Timeframe, attempt: number): NextTry {
  const fast = FAST_WAITS_MS[attempt - 1];
  if (fast !== undefined) return { waitMs: fast, pending: false };
  return { waitMs: Math.min(LONGEST_SLOW_WAIT_MS, timeframeMs(timeframe) / 5), pending: true };
}
