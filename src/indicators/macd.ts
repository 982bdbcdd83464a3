import { MACD } from "technicalindicators";
import { overCandles, requirePeriod } from "./guard.ts";
import type { Indicator, MacdValue } from "./port.ts";

/**
 * Moving average convergence / divergence (Appel), in price units: the fast EMA of the closes minus
 * the slow one; the signal is the EMA of that; the histogram is their difference.
 * @throws RangeError unless fast is below slow.
 */
export function macd(fast: number, slow: number, signal: number): Indicator<MacdValue> {
  requirePeriod("macd fast period", fast);
  requirePeriod("macd slow period", slow);
  requirePeriod("macd signal period", signal);
  if (fast >= slow) throw new RangeError(`macd fast period ${fast} must be below slow ${slow}`);
  const lines = new MACD({
    values: [],
    fastPeriod: fast,
    slowPeriod: slow,
    signalPeriod: signal,
    SimpleMAOscillator: false,
    SimpleMASignal: false,
  });
  return overCandles(slow + signal - 2, (candle) => {
    const { MACD: line, histogram, signal: mean } = lines.nextValue(candle.close) ?? {};
    if (line === undefined || histogram === undefined) return undefined;
    if (!Number.isFinite(line) || !Number.isFinite(histogram)) return undefined;
    // The library leaves a signal of exactly zero out; the histogram then still has its value.
    return { macd: line, signal: mean ?? 0, histogram };
  });
}
