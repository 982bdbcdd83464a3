import { ATR } from "technicalindicators";
import { finite, overCandles, requirePeriod } from "./guard.ts";
import type { Indicator } from "./port.ts";

/**
 * Average true range after Wilder (1978), in price units: the true range is the largest of high −
 * low, |high − previous close| and |low − previous close|, averaged by atr += (range − atr) / period
 * and begun with the mean of the first `period` ranges. Zero while nothing moves.
 */
export function atr(period: number): Indicator<number> {
  requirePeriod("atr period", period);
  const range = new ATR({ period, high: [], low: [], close: [] });
  return overCandles(period, (candle) => finite(range.nextValue(candle)));
}
