import { type Candle, candleFault, sameCandle } from "../../../market/candle.ts";
import type { Timeframe } from "../../../market/timeframe.ts";
import type { CandleAnswer } from "../../port.ts";
import { doubleOf, isFields } from "../narrow.ts";
import { TransportError } from "../transport/errors.ts";

type Rows = Pick<CandleAnswer, "candles" | "rejected">;
type Rejected = Rows["rejected"][number];

/**
 * Reads ccxt's rows `[openTime, open, high, low, close, volume]`: oldest first, each open time once,
 * each candle sound. Two different rows for one time are both rejected, since neither can be trusted.
 * @throws TransportError for an answer that holds no rows at all, or rows with nothing in them.
 */
export function parseCandles(answer: unknown, timeframe: Timeframe): Rows {
  if (!Array.isArray(answer)) throw new TransportError("the answer made no sense: no candles");
  const rows = answer as readonly unknown[];
  if (rows.length > 0 && rows.every(isHollow)) {
    throw new TransportError("the answer made no sense: rows without figures");
  }
  const rejected: Rejected[] = [];
  const byTime = new Map<number, Candle>();
  const conflicts = new Set<number>();
  for (const row of rows) {
    const candle = candleOf(row);
    const fault = candle === undefined ? "incomplete" : candleFault(candle, timeframe);
    if (candle === undefined || fault !== undefined) {
      rejected.push({ openTime: openTimeOf(row), reason: fault ?? "incomplete" });
      continue;
    }
    const before = byTime.get(candle.openTime);
    if (before === undefined) byTime.set(candle.openTime, candle);
    else if (!sameCandle(before, candle)) conflicts.add(candle.openTime);
  }
  for (const openTime of conflicts) {
    byTime.delete(openTime);
    rejected.push({ openTime, reason: "conflicting-duplicate" });
  }
  return { candles: [...byTime.values()].sort((a, b) => a.openTime - b.openTime), rejected };
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
