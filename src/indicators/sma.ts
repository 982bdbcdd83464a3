import { SMA } from "technicalindicators";
import { finite, overCandles, requirePeriod } from "./guard.ts";
import type { Indicator } from "./port.ts";

/** Simple moving average of the closes: their mean over the last `period` candles. */
export function sma(period: number): Indicator<number> {
  requirePeriod("sma period", period);
  const mean = new SMA({ period, values: [] });
  return overCandles(period - 1, (candle) => finite(mean.nextValue(candle.close)));
}
