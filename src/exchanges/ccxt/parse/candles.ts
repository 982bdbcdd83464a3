import type { Candle } from "../../../market/candle.ts";
import type { Timeframe } from "../../../market/timeframe.ts";
import { doubleOf, isFields } from "../../narrow.ts";
import type { CandleAnswer } from "../../port.ts";
import { soundCandles } from "../../sound-candles.ts";
import { TransportError } from "../../transport/errors.ts";

/**
 * Reads ccxt's rows `[openTime, open, high, low, close, volume]`.
 * @throws TransportError for an answer that holds no rows at all, or rows with nothing in them.
 */
export function parseCandles(
  answer: unknown,
  timeframe: Timeframe,
): Pick<CandleAnswer, "candles" | "rejected"> {
  if (!Array.isArray(answer)) throw new TransportError("the answer made no sense: no candles");
  const rows = answer as readonly unknown[];
  if (rows.length > 0 && rows.every(isHollow)) {
    throw new TransportError("the answer made no sense: rows without figures");
  }
  return soundCandles(
    rows.map((row) => ({ openTime: openTimeOf(row), candle: candleOf(row) })),
    timeframe,
  );
}

function candleOf(row: unknown): Candle | undefined {
  if (!Array.isArray(row) || row.length < 6) return undefined;
  const openTime = openTimeOf(row);
  if (openTime === null) return undefined;
  const figures = (row as readonly unknown[]).slice(1, 6);
  if (figures.some((figure) => figure === undefined || figure === null)) return undefined;
  const [open, high, low, close, volume] = figures.map(doubleOf) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { openTime, open, high, low, close, volume };
}

function openTimeOf(row: unknown): number | null {
  const first: unknown = Array.isArray(row) ? row[0] : undefined;
  return typeof first === "number" && Number.isSafeInteger(first) ? first : null;
}

/** What ccxt makes of a body that holds no candles: a row in which everything is missing. */
function isHollow(row: unknown): boolean {
  if (isFields(row)) return true;
  return !Array.isArray(row) || row.every((figure) => figure === undefined || figure === null);
}
