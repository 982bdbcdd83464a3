import { Stochastic } from "technicalindicators";
import type { Candle } from "../market/candle.ts";
import { overCandles, requirePeriod } from "./guard.ts";
import type { Indicator, StochasticValue } from "./port.ts";

interface Lines {
  nextValue(candle: Candle): { k: number; d?: number } | undefined;
}

/**
 * Fast stochastic oscillator (Lane), 0 to 100: k is where the close lies between the lowest low and
 * the highest high of the last `period` candles, d the mean of the last `signalPeriod` values of k.
 *
 * Over a flat window k is 0 / 0. The library calls that 0 and averages it into d; here there is no
 * value until `signalPeriod` windows in a row have moved.
 */
export function stochastic(period: number, signalPeriod: number): Indicator<StochasticValue> {
  requirePeriod("stochastic period", period);
  requirePeriod("stochastic signal period", signalPeriod);
  // The library's own type wants the constructor's arguments again at each value; it reads a candle.
  const lines = new Stochastic({
    period,
    signalPeriod,
    high: [],
    low: [],
    close: [],
  }) as unknown as Lines;
  let flatPrice: number | undefined;
  let flatCandles = 0;
  let movedWindows = 0;

  return overCandles(period + signalPeriod - 2, (candle) => {
    const { high, low } = candle;
    if (high !== low) flatCandles = 0;
    else flatCandles = high === flatPrice ? flatCandles + 1 : 1;
    flatPrice = high === low ? high : undefined;
    movedWindows = flatCandles >= period ? 0 : movedWindows + 1;

    const { k, d } = lines.nextValue(candle) ?? {};
    if (k === undefined || d === undefined || movedWindows < signalPeriod) return undefined;
    return Number.isFinite(k) && Number.isFinite(d) ? { k, d } : undefined;
  });
}
