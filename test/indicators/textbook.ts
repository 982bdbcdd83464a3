import type {
  AdxValue,
  BandsValue,
  MacdValue,
  StochasticValue,
} from "../../src/indicators/port.ts";
import type { Candle } from "../../src/market/candle.ts";

/**
 * Textbook indicators, written from their definitions and kept apart from how the hub computes:
 * each answers the value at one candle from all candles up to it, without running state. Averages
 * are weighted sums over the whole past instead of recursions.
 */
const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

/** Exponential average with weight `alpha`, begun with the mean of the first `period` values. */
function smoothed(values: readonly number[], period: number, alpha: number): number | undefined {
  if (values.length < period) return undefined;
  const later = values.slice(period);
  const seed = mean(values.slice(0, period)) * (1 - alpha) ** later.length;
  return later.reduce((sum, x, i) => sum + alpha * (1 - alpha) ** (later.length - 1 - i) * x, seed);
}

const expAverage = (values: readonly number[], period: number): number | undefined =>
  smoothed(values, period, 2 / (period + 1));
const wilder = (values: readonly number[], period: number): number | undefined =>
  smoothed(values, period, 1 / period);

const closes = (candles: readonly Candle[]): number[] => candles.map((c) => c.close);
const pairs = (candles: readonly Candle[]): (readonly [Candle, Candle])[] =>
  candles.slice(1).map((c, i) => [candles[i] as Candle, c]);
const trueRange = ([before, now]: readonly [Candle, Candle]): number =>
  Math.max(now.high, before.close) - Math.min(now.low, before.close);

export function sma(candles: readonly Candle[], period: number): number | undefined {
  return candles.length < period ? undefined : mean(closes(candles.slice(-period)));
}

export function ema(candles: readonly Candle[], period: number): number | undefined {
  return expAverage(closes(candles), period);
}

export function rsi(candles: readonly Candle[], period: number): number | undefined {
  const changes = pairs(candles).map(([a, b]) => b.close - a.close);
  const gain = wilder(
    changes.map((x) => (x > 0 ? x : 0)),
    period,
  );
  const loss = wilder(
    changes.map((x) => (x < 0 ? -x : 0)),
    period,
  );
  if (gain === undefined || loss === undefined || gain + loss === 0) return undefined;
  return loss === 0 ? 100 : 100 - 100 / (1 + gain / loss);
}

export function macd(
  candles: readonly Candle[],
  fast: number,
  slow: number,
  signal: number,
): MacdValue | undefined {
  const lineAt = (end: number): number => {
    const past = closes(candles.slice(0, end));
    return (expAverage(past, fast) ?? Number.NaN) - (expAverage(past, slow) ?? Number.NaN);
  };
  if (candles.length < slow) return undefined;
  const line = candles.slice(slow - 1).map((_, i) => lineAt(slow + i));
  const average = expAverage(line, signal);
  const last = line.at(-1);
  if (average === undefined || last === undefined) return undefined;
  return { macd: last, signal: average, histogram: last - average };
}

export function bollinger(
  candles: readonly Candle[],
  period: number,
  deviations: number,
): BandsValue | undefined {
  if (candles.length < period) return undefined;
  const window = closes(candles.slice(-period));
  const middle = mean(window);
  const width = deviations * Math.sqrt(mean(window.map((x) => (x - middle) ** 2)));
  return { lower: middle - width, middle, upper: middle + width };
}

export function atr(candles: readonly Candle[], period: number): number | undefined {
  return wilder(pairs(candles).map(trueRange), period);
}

export function adx(candles: readonly Candle[], period: number): AdxValue | undefined {
  const moves = pairs(candles).map(([a, b]) => ({ up: b.high - a.high, down: a.low - b.low }));
  const plus = moves.map(({ up, down }) => (up > down && up > 0 ? up : 0));
  const minus = moves.map(({ up, down }) => (down > up && down > 0 ? down : 0));
  const range = pairs(candles).map(trueRange);
  const linesAt = (end: number): { plusDi: number; minusDi: number } => {
    const part = (xs: readonly number[]): number => wilder(xs.slice(0, end), period) ?? Number.NaN;
    return { plusDi: (100 * part(plus)) / part(range), minusDi: (100 * part(minus)) / part(range) };
  };
  const lines = range.slice(period - 1).map((_, i) => linesAt(period + i));
  const dx = lines.map((l) => (100 * Math.abs(l.plusDi - l.minusDi)) / (l.plusDi + l.minusDi));
  const strength = wilder(dx, period);
  const last = lines.at(-1);
  return strength === undefined || last === undefined ? undefined : { adx: strength, ...last };
}

export function stochastic(
  candles: readonly Candle[],
  period: number,
  signalPeriod: number,
): StochasticValue | undefined {
  if (candles.length < period + signalPeriod - 1) return undefined;
  const kAt = (end: number): number => {
    const window = candles.slice(end - period, end);
    const top = Math.max(...window.map((c) => c.high));
    const bottom = Math.min(...window.map((c) => c.low));
    return (100 * ((window.at(-1)?.close ?? Number.NaN) - bottom)) / (top - bottom);
  };
  const ks = Array.from({ length: signalPeriod }, (_, i) => kAt(candles.length - i));
  const value = { k: ks[0] ?? Number.NaN, d: mean(ks) };
  return Number.isFinite(value.d) ? value : undefined;
}

export function roc(candles: readonly Candle[], period: number): number | undefined {
  const [then, now] = [candles.at(-1 - period), candles.at(-1)];
  return then === undefined || now === undefined ? undefined : 100 * (now.close / then.close - 1);
}
