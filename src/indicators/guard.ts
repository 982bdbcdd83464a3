import type { Candle } from "../market/candle.ts";
import type { Indicator } from "./port.ts";

/**
 * Prices beyond these bounds would over- or underflow when they are squared or summed, and a single
 * infinity stays in a running sum for ever. No asset comes near either.
 */
const LARGEST = 1e100;
const SMALLEST = 1e-100;

/**
 * Makes an indicator that refuses unsound candles before they reach its state. The check is on the
 * input because the output cannot tell: fed one NaN, technicalindicators' Bollinger and MACD answer
 * the same finite and wrong value from then on.
 * @throws RangeError from `next` for a price that is not a finite number above zero, or a volume
 *   that is not a finite number from zero up. The indicator's state stays as it was.
 */
export function overCandles<Value>(
  lookback: number,
  next: (candle: Candle) => Value | undefined,
): Indicator<Value> {
  return {
    lookback,
    next(candle) {
      requireSound(candle);
      return next(candle);
    },
  };
}

/**
 * Checks a period before the library sees it: it throws bare strings, or answers NaN for ever.
 * @throws RangeError naming the period.
 */
export function requirePeriod(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number of candles from 1, not ${String(value)}`);
  }
}

/** Lets finite figures through; what is not finite is no value. */
export function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function requireSound(candle: Candle): void {
  const { open, high, low, close, volume } = candle;
  if (!isPrice(open) || !isPrice(high) || !isPrice(low) || !isPrice(close)) {
    throw new RangeError(`candle ${candle.openTime} has a price that is not finite and above zero`);
  }
  if (!Number.isFinite(volume) || volume < 0) {
    throw new RangeError(`candle ${candle.openTime} has a volume that is not finite from zero up`);
  }
}

function isPrice(value: number): boolean {
  return typeof value === "number" && value > SMALLEST && value < LARGEST;
}
