import { timeframeMs } from "../../../market/timeframe.ts";

const WEEK_MS = timeframeMs("1w");
const DAY_MS = timeframeMs("1d");

/** So much recorded past lies before "now" where possible: 500 candles of an hour. */
const DEFAULT_MIN_PAST_MS = 500 * timeframeMs("1h");

/** How a recording is laid on the calendar. */
export interface Alignment {
  /** Exchange time minus recorded time: a whole number of weeks, so every grid and weekday stays. */
  readonly shiftMs: number;
  /** Where the exchange's clock starts, UTC ms; at most half a week away from now. */
  readonly clockStartMs: number;
}

/**
 * Lays a recording on the present.
 *
 * Without `at` the clock stays on now, and of all weeks in which now has `minPastMs` of recording
 * behind it and a day before it, that with the longest future is taken. Where no week does, an
 * instant late in the recording is taken as if it had been asked for.
 * With `at` that recorded instant plays at the clock's start, which is off now by half a week at most.
 * @param recording first open and last close of what plays, UTC ms as recorded.
 */
export function alignRecording(recording: {
  readonly startMs: number;
  readonly endMs: number;
  readonly nowMs: number;
  readonly at?: number | undefined;
  readonly minPastMs?: number | undefined;
}): Alignment {
  const { startMs, endMs, nowMs, at, minPastMs = DEFAULT_MIN_PAST_MS } = recording;
  const earliest = startMs + minPastMs;
  const latest = endMs - DAY_MS;
  if (at === undefined) {
    const shiftMs = Math.floor((nowMs - earliest) / WEEK_MS) * WEEK_MS;
    if (nowMs - shiftMs <= latest) return { shiftMs, clockStartMs: nowMs };
  }
  // A recording too short for a day of future plays from its middle at least.
  const middle = Math.floor((startMs + endMs) / 2);
  const target = at ?? Math.max(middle, Math.min(earliest, latest));
  const shiftMs = Math.round((nowMs - target) / WEEK_MS) * WEEK_MS;
  return { shiftMs, clockStartMs: target + shiftMs };
}
