import type { MarketData } from "../../exchanges/port.ts";
import type { Series } from "../../market/series.ts";
import { closeTimeOf } from "../../market/timeframe.ts";

/** Tells of a candle by its open time whether its pair could be traded at any moment of it. */
export function isTraded(
  market: MarketData,
  { pair, timeframe }: Series,
): (openTime: number) => boolean {
  return (openTime) => market.isOpen(pair, openTime, closeTimeOf(timeframe, openTime));
}
