import { closeTimeOf, type Timeframe } from "../../../market/timeframe.ts";
import { doubleOf, type Fields, fieldsOf, listOf } from "../../narrow.ts";
import type { CandleAnswer } from "../../port.ts";
import { type CandleRow, soundCandles } from "../../sound-candles.ts";
import { TransportError } from "../../transport/errors.ts";
import { timeMsOf } from "./time.ts";

/** How OANDA calls the hub's timeframes. */
export const GRANULARITY: Readonly<Record<Timeframe, string>> = {
  "1m": "M1",
  "5m": "M5",
  "15m": "M15",
  "30m": "M30",
  "1h": "H1",
  "4h": "H4",
  "1d": "D",
  "1w": "W",
};

/**
 * OANDA calls a candle complete with the first price after it. So long one whose time is over is not
 * taken without that word, ms; then nobody has quoted since, and it is what it is.
 */
const SETTLING_MS = 10_000;

/**
 * Reads candles of mid prices. Their volume is the number of prices in them, since OANDA tells no
 * other. One that has just ended and is not called complete yet is left out: it comes with a later
 * answer.
 * @param nowMs UTC ms on OANDA's clock.
 * @throws TransportError for an answer that is not about candles.
 */
export function parseCandles(
  body: Fields,
  timeframe: Timeframe,
  nowMs: number,
): Pick<CandleAnswer, "candles" | "rejected"> {
  const { candles, granularity } = body;
  if (!Array.isArray(candles) || granularity !== GRANULARITY[timeframe]) {
    throw new TransportError(`the answer made no sense: no ${GRANULARITY[timeframe]} candles`);
  }
  const isSettling = ({ openTime, isComplete }: Row): boolean => {
    if (openTime === null || isComplete !== false) return false;
    const sinceMs = nowMs - closeTimeOf(timeframe, openTime);
    return sinceMs >= 0 && sinceMs < SETTLING_MS;
  };
  return soundCandles(
    listOf(candles)
      .map(rowOf)
      .filter((row) => !isSettling(row)),
    timeframe,
  );
}

interface Row extends CandleRow {
  /** Undefined when it does not say. */
  readonly isComplete: boolean | undefined;
}

function rowOf(value: unknown): Row {
  const { time, mid, volume, complete } = fieldsOf(value);
  const openTime = timeMsOf(time);
  const isComplete = typeof complete === "boolean" ? complete : undefined;
  const { o, h, l, c } = fieldsOf(mid);
  const figures = [o, h, l, c, volume];
  const isWhole = openTime !== null && isComplete !== undefined && !figures.includes(undefined);
  if (!isWhole) return { openTime, isComplete, candle: undefined };
  const [open = Number.NaN, high = Number.NaN, low = Number.NaN, close = Number.NaN] =
    figures.map(doubleOf);
  const candle = { openTime, open, high, low, close, volume: doubleOf(volume) };
  return { openTime, isComplete, candle };
}
