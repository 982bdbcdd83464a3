import { ROC } from "technicalindicators";
import { finite, overCandles, requirePeriod } from "./guard.ts";
import type { Indicator } from "./port.ts";

/** Rate of change, percent: 100 · (close − the close `period` candles ago) / that close. */
export function roc(period: number): Indicator<number> {
  requirePeriod("roc period", period);
  const change = new ROC({ period, values: [] });
  return overCandles(period, (candle) => finite(change.nextValue(candle.close)));
}
