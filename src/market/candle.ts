import { isOpenTime, type Timeframe, timeframeMs } from "./timeframe.ts";

/**
 * One closed or forming candle. Prices are in the quote currency, volume in the base asset.
 * A candle belongs to its open time, UTC ms. Floats, since nothing is ever paid by a candle.
 */
export interface Candle {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Why a row from an exchange cannot be a candle. */
export type CandleFault =
  | "not-finite"
  | "not-positive"
  | "high-below-body"
  | "low-above-body"
  | "misaligned";

/** Finds what is wrong with a candle of a timeframe; undefined when it is sound. */
export function candleFault(candle: Candle, timeframe: Timeframe): CandleFault | undefined {
  const { openTime, open, high, low, close, volume } = candle;
  const figures = [openTime, open, high, low, close, volume];
  if (!figures.every(Number.isFinite)) return "not-finite";
  if (open <= 0 || high <= 0 || low <= 0 || close <= 0 || volume < 0) return "not-positive";
  if (high < Math.max(open, close)) return "high-below-body";
  if (low > Math.min(open, close)) return "low-above-body";
  return isOpenTime(timeframe, openTime) ? undefined : "misaligned";
}

/** A candle is closed by time, never by its place in an answer: its last instant lies before now. */
export function isClosed(candle: Candle, timeframe: Timeframe, exchangeNowMs: number): boolean {
  return candle.openTime + timeframeMs(timeframe) <= exchangeNowMs;
}

/** Says whether two candles carry the same six figures. */
export function sameCandle(a: Candle, b: Candle): boolean {
  return (
    a.openTime === b.openTime &&
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    a.volume === b.volume
  );
}

/** The open times missing between the first and the last of candles in order, UTC ms. */
export function holes(candles: readonly Candle[], timeframe: Timeframe): number[] {
  const step = timeframeMs(timeframe);
  const missing: number[] = [];
  candles.forEach((candle, i) => {
    const previous = candles[i - 1];
    if (previous === undefined) return;
    for (let at = previous.openTime + step; at < candle.openTime; at += step) missing.push(at);
  });
  return missing;
}
