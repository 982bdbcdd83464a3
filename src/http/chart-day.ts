import type { Candle } from "../market/candle.ts";
import type { Position } from "../market/position.ts";
import type { Series } from "../market/series.ts";
import { closeTimeOf, type Timeframe, timeframeMs } from "../market/timeframe.ts";

/** The last 24 hours of the series that Chatty's chart shows; figures null without any candle. */
export interface ChartDay {
  readonly series: Series;
  readonly figures: DayFigures | null;
}

interface DayFigures {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base asset. */
  readonly volume: number;
  readonly closeTime: number;
}

/** Short enough for a day's figures to be fresh, long enough for a chart to say something. */
const PREFERRED: readonly Timeframe[] = ["15m", "5m", "30m", "1h", "1m", "4h", "1d", "1w"];

/** The series to show: of a held pair, else of the first followed, in the most telling timeframe. */
export function chartSeries(
  watched: readonly Series[],
  held: Pick<Position, "exchange" | "pair"> | undefined,
): Series | undefined {
  const of = (where: Pick<Series, "exchange" | "pair"> | undefined): readonly Series[] =>
    watched.filter(({ exchange, pair }) => exchange === where?.exchange && pair === where.pair);
  const ofHeld = of(held);
  const candidates = ofHeld.length > 0 ? ofHeld : of(watched[0]);
  for (const timeframe of PREFERRED) {
    const found = candidates.find((series) => series.timeframe === timeframe);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Sums up the last day of candles in order. */
export function dayOf(series: Series, candles: readonly Candle[]): ChartDay {
  const first = candles[0];
  const last = candles.at(-1);
  if (first === undefined || last === undefined) return { series, figures: null };
  let { high, low } = first;
  let volume = 0;
  for (const candle of candles) {
    high = Math.max(high, candle.high);
    low = Math.min(low, candle.low);
    volume += candle.volume;
  }
  const closeTime = closeTimeOf(series.timeframe, last.openTime);
  return { series, figures: { open: first.open, high, low, close: last.close, volume, closeTime } };
}

/** The part of a day that a series of a long timeframe needs to hold at least one candle. */
export function windowMs(timeframe: Timeframe): number {
  return Math.max(86_400_000, 2 * timeframeMs(timeframe));
}
