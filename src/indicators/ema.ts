import { EMA } from "technicalindicators";
import { finite, overCandles, requirePeriod } from "./guard.ts";
import type { Indicator } from "./port.ts";

/**
 * Exponential moving average of the closes: ema += (close − ema) · 2 / (period + 1), begun with the
 * mean of the first `period` closes.
 */
export function ema(period: number): Indicator<number> {
  requirePeriod("ema period", period);
  const average = new EMA({ period, values: [] });
  return overCandles(period - 1, (candle) => finite(average.nextValue(candle.close)));
}
