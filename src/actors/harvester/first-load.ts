import { type CandleAnswer, type MarketData, PRIORITY } from "../../exchanges/port.ts";
import { isClosed } from "../../market/candle.ts";
import { lastClosedOpenTime, timeframeMs } from "../../market/timeframe.ts";
import type { Ref } from "../../runtime/protocol.ts";
import type { ArchitectProtocol, GapReport } from "../architect/protocol.ts";
import type { Followed } from "./followed.ts";
import { healedReports, lackingReports } from "./gap-reports.ts";
import { isTraded } from "./is-traded.ts";
import { absentAtVenue, leftOpen } from "./read-answer.ts";
import { askWithSecondLook } from "./second-look.ts";
import { unnoticed } from "./unnoticed.ts";

export interface FirstLoadDeps {
  readonly market: MarketData;
  readonly architect: Ref<ArchitectProtocol>;
  readonly nowMs: () => number;
  readonly machineNowMs: () => number;
  /** Storing a page may wait for a slow database. */
  readonly storeTimeoutMs: number;
}

/** Re-read before what is stored: closed candles do change once in a while. */
const OVERLAP_CANDLES = 3;

/**
 * How far back the oldest candle is looked for at most: so many times what the candles would span if
 * trading never rested, and a week.
 */
const MOST_TIMES = 4;
const WEEK_MS = timeframeMs("1w");

/**
 * Brings a series up to now: the history its analyst needs, and whatever was missed since the hub
 * ran last. Pages one after another from old to new, so that what is stored has no hole of ours.
 * Returns how many candles the analyst will find.
 */
export async function firstLoad(deps: FirstLoadDeps, followed: Followed): Promise<number> {
  const { series, seriesId } = followed;
  const step = timeframeMs(series.timeframe);
  const stored = await deps.architect.ask(
    "history",
    { series, seriesId, limit: followed.candles, takesOwed: false },
    { timeoutMs: deps.storeTimeoutMs },
  );
  const traded = isTraded(deps.market, series);
  const holes = unnoticed(stored, series.timeframe, traded);
  tell(deps, lackingReports(followed, 0, [], holes));
  const missing = [...stored.missing, ...holes.map(({ openTime }) => openTime)];
  for (const openTime of missing) followed.gaps.add(openTime);
  const lastClosed = lastClosedOpenTime(series.timeframe, deps.market.exchangeNowMs());
  const newest = stored.candles.at(-1)?.openTime;
  const enough = stored.candles.length >= followed.candles;
  const wanted = enough ? lastClosed : reachBack(deps.market, followed, lastClosed);
  const reread = stored.candles.at(-1 - OVERLAP_CANDLES) ?? stored.candles[0];
  // What is missing in the window may have come by now.
  const firstMissing = missing.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const beforeGap = stored.candles.findLast(({ openTime }) => openTime < firstMissing);
  let from = Math.min(wanted, reread?.openTime ?? wanted, beforeGap?.openTime ?? wanted);
  followed.newest = newest;
  const known = new Set(stored.candles.map((candle) => candle.openTime));
  while (from <= lastClosed && !followed.isOver) {
    const limit = Math.min(deps.market.maxCandles, (lastClosed - from) / step + 1);
    const answer = await askWithSecondLook(
      deps.market,
      { pair: series.pair, timeframe: series.timeframe, sinceMs: from, limit },
      { priority: PRIORITY.backfill },
      (openTime) => traded(openTime) && !known.has(openTime),
    );
    const last = await savePage(deps, followed, answer, from, known);
    if (last === undefined || last <= from || last >= lastClosed) break;
    // With a row that is known to be there: what lies before the first of a page, it may not reach.
    from = last;
  }
  return known.size;
}

/** Open time of the oldest candle wanted, UTC ms: so far back that enough of them were traded. */
function reachBack(market: MarketData, { series, candles }: Followed, lastClosed: number): number {
  const step = timeframeMs(series.timeframe);
  const traded = isTraded(market, series);
  const farthest = lastClosed - MOST_TIMES * candles * step - WEEK_MS;
  let from = lastClosed;
  let found = traded(from) ? 1 : 0;
  while (found < candles && from > farthest) {
    from -= step;
    if (traded(from)) found += 1;
  }
  return from;
}

/** Stores one page and notes what the venue itself lacks; returns the newest open time of the page. */
async function savePage(
  deps: FirstLoadDeps,
  followed: Followed,
  answer: CandleAnswer,
  from: number,
  known: Set<number>,
): Promise<number | undefined> {
  const { series, seriesId } = followed;
  const closed = answer.candles.filter((c) => isClosed(c, series.timeframe, answer.exchangeNowMs));
  const newest = closed.at(-1)?.openTime;
  if (newest === undefined) return undefined;
  const times = closed.map((candle) => candle.openTime);
  const oldestKnown = [...known].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  // Before its first candle a pair was not traded yet: that is no gap.
  const start = Math.max(from, Math.min(oldestKnown, times[0] ?? from));
  const traded = isTraded(deps.market, series);
  const isUnknown = (openTime: number): boolean => !known.has(openTime) && traded(openTime);
  const absent = absentAtVenue(answer, closed, series.timeframe, start).filter(isUnknown);
  const open = leftOpen(answer, closed, series.timeframe, start).filter((o) =>
    isUnknown(o.openTime),
  );
  followed.noteEmpty(absent);
  for (const { openTime } of open) followed.gaps.add(openTime);
  // Told before the page: a hub that is killed in between leaves no hole that nobody speaks of.
  tell(deps, lackingReports(followed, 1, absent, open));
  await deps.architect.ask(
    "saveHistory",
    {
      series,
      seriesId,
      candles: closed,
      source: known.size === 0 ? "bootstrap" : "backfill",
      attempt: 1,
      fetchedAt: deps.nowMs(),
      answeredAt: deps.machineNowMs(),
      wakes: null,
    },
    { timeoutMs: deps.storeTimeoutMs },
  );
  // Behind what was stored, a new candle was a gap, also one that was taken for empty in an earlier life.
  const isLate = (t: number): boolean =>
    isUnknown(t) && t > oldestKnown && t < (followed.newest ?? t);
  const healed = new Set([...followed.heal(times), ...times.filter(isLate)]);
  for (const openTime of times) known.add(openTime);
  tell(deps, healedReports(followed, 1, [...healed]));
  if (followed.newest === undefined || newest > followed.newest) followed.newest = newest;
  return newest;
}

function tell({ architect }: FirstLoadDeps, notes: readonly GapReport[]): void {
  if (notes.length > 0) architect.tell("noteGaps", notes);
}
