import type { Series } from "./series.ts";
import { closeTimeOf, lastClosedOpenTime } from "./timeframe.ts";

/** How far the work on a series has come. */
export interface Progress {
  readonly series: Series;
  /** Open time of the newest candle that is stored; undefined before the first. */
  readonly stored: number | undefined;
  /** Open time of the newest candle that is known to be absent, for now or for good. */
  readonly absent: number | undefined;
  /** Whether that candle may still come, or never came although it should have. */
  readonly isOwed: boolean;
  /** Since when its analyst has a candle in hand and says nothing, UTC ms; undefined when it does not. */
  readonly thinkingSince: number | undefined;
  /** Since when it is followed, as far as this process knows, UTC ms. */
  readonly followedSince: number;
}

/** Why a series is late. */
export type Lateness =
  /** Its newest candle is neither stored nor accounted for: nobody did the work. */
  | "no-candle"
  /** The exchange was asked and has not given the candle; written down as a gap. */
  | "gap"
  /** The candle is stored, and its analyst has not ended with it. */
  | "no-thought";

/** A series whose newest close was not worked off in time. */
interface LateSeries {
  readonly series: Series;
  readonly why: Lateness;
  /** Since the first close that it is behind with, ms. */
  readonly lateMs: number;
}

/** What should be done by now against what is. */
export interface Liveness {
  /** `degraded` when some series are late, `unhealthy` when nobody works on half of them or more. */
  readonly state: "healthy" | "degraded" | "unhealthy";
  /** Series that had something due. */
  readonly due: number;
  /** Longest late first. */
  readonly late: readonly LateSeries[];
}

/** What the clock and the calendar say. */
export interface LivenessRules {
  /** UTC ms on an exchange's clock. */
  readonly nowMs: (exchange: string) => number;
  /** From a close until its candle must be stored or accounted for, and thought about, ms. */
  readonly graceMs: number;
  /** Whether the pair could be traded at any moment of the candle. */
  readonly isTraded: (series: Series, openTime: number) => boolean;
}

/** Compares what was due on every series with what was done. Pure. */
export function livenessOf(all: Iterable<Progress>, rules: LivenessRules): Liveness {
  let due = 0;
  let idle = 0;
  const late: LateSeries[] = [];
  for (const progress of all) {
    const openTime = dueCandle(progress, rules);
    if (openTime === undefined) continue;
    due += 1;
    const why = latenessOf(progress, openTime, rules);
    if (why === undefined) continue;
    const { series } = progress;
    const first = firstMissed(progress, openTime, rules);
    late.push({
      series,
      why,
      lateMs: rules.nowMs(series.exchange) - closeTimeOf(series.timeframe, first),
    });
    if (why !== "gap") idle += 1;
  }
  late.sort((a, b) => b.lateMs - a.lateMs);
  const isUnhealthy = idle > 0 && 2 * idle >= due;
  const some = late.length > 0 ? "degraded" : "healthy";
  return { state: isUnhealthy ? "unhealthy" : some, due, late };
}

/** Open time of the newest candle that must have been worked off by now; undefined when none has to be. */
function dueCandle(
  { series, followedSince }: Progress,
  { nowMs, graceMs, isTraded }: LivenessRules,
): number | undefined {
  const now = nowMs(series.exchange);
  // Whoever was added just now is still loading its history.
  if (now - followedSince < graceMs) return undefined;
  const openTime = lastClosedOpenTime(series.timeframe, now - graceMs);
  return isTraded(series, openTime) ? openTime : undefined;
}

/** The oldest candle that is behind: the one after the newest stored, unless nothing was traded then. */
function firstMissed(
  { series, stored }: Progress,
  due: number,
  { isTraded }: LivenessRules,
): number {
  if (stored === undefined || stored >= due) return due;
  const next = closeTimeOf(series.timeframe, stored);
  return isTraded(series, next) ? next : due;
}

function latenessOf(
  { series, stored, absent, isOwed, thinkingSince }: Progress,
  due: number,
  { nowMs, graceMs }: LivenessRules,
): Lateness | undefined {
  if (stored !== undefined && stored >= due) {
    const isStuck =
      thinkingSince !== undefined && nowMs(series.exchange) - thinkingSince >= graceMs;
    return isStuck ? "no-thought" : undefined;
  }
  if (absent === undefined || absent < due) return "no-candle";
  return isOwed ? "gap" : undefined;
}
