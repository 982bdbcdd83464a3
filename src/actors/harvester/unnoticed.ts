import type { Timeframe } from "../../market/timeframe.ts";
import { timeframeMs } from "../../market/timeframe.ts";
import type { History } from "../architect/protocol.ts";
import type { LeftOpen } from "./read-answer.ts";

/** Stands with each gap that was found by its absence alone. */
export const UNNOTICED = "found to lack between stored candles, without a word about it";

/**
 * Candles that lack between two stored ones, of which nobody ever took note. There should be none; but
 * every poll asks from the newest stored candle on, and without this look such a hole would stay for ever.
 * @param isTraded tells of an open time whether its candle is due at all.
 */
export function unnoticed(
  { candles, missing, empty }: Pick<History, "candles" | "missing" | "empty">,
  timeframe: Timeframe,
  isTraded: (openTime: number) => boolean,
): LeftOpen[] {
  const first = candles[0]?.openTime;
  const newest = candles.at(-1)?.openTime;
  if (first === undefined || newest === undefined) return [];
  const accounted = new Set([...candles.map(({ openTime }) => openTime), ...missing, ...empty]);
  const found: LeftOpen[] = [];
  for (let at = first; at < newest; at += timeframeMs(timeframe)) {
    if (!accounted.has(at) && isTraded(at)) found.push({ openTime: at, reason: UNNOTICED });
  }
  return found;
}
