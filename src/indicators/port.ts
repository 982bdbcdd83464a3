import type { Candle } from "../market/candle.ts";

/**
 * A streaming indicator over closed candles. Fed once per candle, it answers its value, or undefined
 * before it has one and where the mathematics has none (a flat window, no volume).
 */
export interface Indicator<Value> {
  next(candle: Candle): Value | undefined;
  /** Candles before the first value. */
  readonly lookback: number;
}

export interface MacdValue {
  readonly macd: number;
  readonly signal: number;
  readonly histogram: number;
}
export interface BandsValue {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}
export interface AdxValue {
  readonly adx: number;
  readonly plusDi: number;
  readonly minusDi: number;
}
export interface StochasticValue {
  readonly k: number;
  readonly d: number;
}

/** Makes indicators. Periods are whole numbers of candles, at least 1; others are refused by RangeError. */
export interface Indicators {
  sma(period: number): Indicator<number>;
  ema(period: number): Indicator<number>;
  rsi(period: number): Indicator<number>;
  macd(fast: number, slow: number, signal: number): Indicator<MacdValue>;
  bollinger(period: number, deviations: number): Indicator<BandsValue>;
  atr(period: number): Indicator<number>;
  adx(period: number): Indicator<AdxValue>;
  stochastic(period: number, signalPeriod: number): Indicator<StochasticValue>;
  /** Rate of change over a number of candles, in percent. */
  roc(period: number): Indicator<number>;
}
