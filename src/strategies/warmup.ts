/** Weight that the start of an average may still have in its value once it counts as settled. */
const LEFT_OF_THE_START = 1e-6;

/**
 * Candles until an average that moves by `alpha` of the distance keeps no more than a millionth of
 * where it began: n = ln(1e-6) / ln(1 − alpha).
 */
function fading(alpha: number): number {
  return alpha >= 1 ? 0 : Math.ceil(Math.log(LEFT_OF_THE_START) / Math.log(1 - alpha));
}

/** For an EMA: its first `period` candles make the start, which then fades. */
export function emaWarmup(period: number): number {
  return period + fading(2 / (period + 1));
}

/** For one of Wilder's averages: RSI and ATR. */
export function wilderWarmup(period: number): number {
  return period + fading(1 / period);
}

/** For MACD: the signal line starts from a MACD line that must itself have settled. */
export function macdWarmup(slow: number, signal: number): number {
  return emaWarmup(slow) + emaWarmup(signal);
}

/** For ADX: a Wilder average of Wilder averages. */
export function adxWarmup(period: number): number {
  return 2 * wilderWarmup(period);
}
