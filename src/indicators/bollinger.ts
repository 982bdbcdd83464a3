import { BollingerBands } from "technicalindicators";
import { overCandles, requirePeriod } from "./guard.ts";
import type { BandsValue, Indicator } from "./port.ts";

/**
 * Bollinger bands, in price units: the mean of the last `period` closes, and that mean ± `deviations`
 * times their population standard deviation. Over a flat window the three lines coincide.
 * @throws RangeError unless deviations is a finite number above zero.
 */
export function bollinger(period: number, deviations: number): Indicator<BandsValue> {
  requirePeriod("bollinger period", period);
  if (!Number.isFinite(deviations) || deviations <= 0) {
    throw new RangeError(`bollinger deviations must be above zero, not ${String(deviations)}`);
  }
  const bands = new BollingerBands({ period, stdDev: deviations, values: [] });
  return overCandles(period - 1, (candle) => {
    const value = bands.nextValue(candle.close);
    if (value === undefined) return undefined;
    const { lower, middle, upper } = value;
    const sound = Number.isFinite(lower) && Number.isFinite(middle) && Number.isFinite(upper);
    return sound ? { lower, middle, upper } : undefined;
  });
}
