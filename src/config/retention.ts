import { z } from "zod";
import { TIMEFRAMES, type Timeframe, timeframeMs } from "../market/timeframe.ts";
import { StartRefusal } from "./refusal.ts";

/** How many days something is kept; null: for ever. */
const days = z.int().min(1).max(36_500).nullable();

/** Whatever counts what was accepted today must find it: a UTC day and some more. */
const daysOfTrading = z.int().min(2).max(36_500).nullable();

/** Days that candles of each timeframe are kept: the shorter it is, the more there are of them. */
const candles = z.strictObject({
  "1m": days.default(90),
  "5m": days.default(365),
  "15m": days.default(730),
  "30m": days.default(null),
  "1h": days.default(null),
  "4h": days.default(null),
  "1d": days.default(null),
  "1w": days.default(null),
});

/** How long the hub keeps what it writes. Orders, fills, positions, trades and audit stay for ever. */
export const retentionSchema = z.strictObject({
  candles: candles.prefault({}),
  /** What candles were before they were revised; null: as long as the candle. */
  revisions: days.default(null),
  /** Gaps that healed; every other gap stays as long as the candles around it. */
  gaps: days.default(365),
  /** Signals with their verdicts; those of an order stay with it. */
  verdicts: daysOfTrading.default(365),
  /** What the queue is done with. */
  queue: daysOfTrading.default(90),
  events: days.default(30),
  /** Price snapshots. */
  prices: days.default(30),
  /** Signs of life of hubs that are gone. */
  pings: days.default(30),
});

export type Retention = z.infer<typeof retentionSchema>;

export const DAY_MS = 86_400_000;

/**
 * Venues that close at night and at weekends need more days for as many candles, and what is loaded
 * must not be at the edge of what is removed.
 */
const MARGIN = 2;

/** A day's figures, and trades of today, look this far back in any timeframe. */
const LEAST_DAYS = 2;

/**
 * Checks that no candle goes that an analyst still loads.
 * @param candlesFor how many candles an analyst of a timeframe has behind it.
 * @throws StartRefusal naming the timeframe and the least that will do.
 */
export function checkRetention(
  retention: Retention,
  candlesFor: (timeframe: Timeframe) => number,
): void {
  for (const timeframe of TIMEFRAMES) {
    const kept = retention.candles[timeframe];
    if (kept === null) continue;
    const history = candlesFor(timeframe);
    const span = Math.ceil((MARGIN * history * timeframeMs(timeframe)) / DAY_MS);
    const least = Math.max(LEAST_DAYS, span);
    if (kept < least) {
      throw new StartRefusal(
        `setting retention.candles.${timeframe}: ${kept} is too few, since analysts load ${history} candles: at least ${least} days, or null for ever`,
      );
    }
  }
}
