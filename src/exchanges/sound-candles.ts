import { type Candle, candleFault, sameCandle } from "../market/candle.ts";
import type { Timeframe } from "../market/timeframe.ts";
import type { CandleAnswer } from "./port.ts";

/** A row as an adapter could read it. */
export interface CandleRow {
  /** UTC ms; null when even that could not be read. */
  readonly openTime: number | null;
  /** Undefined when a figure is missing. */
  readonly candle: Candle | undefined;
}

type Sifted = Pick<CandleAnswer, "candles" | "rejected">;

/**
 * Sifts rows: oldest first, each open time once, each candle sound. Two different rows for one time
 * are both rejected, since neither can be trusted.
 */
export function soundCandles(rows: readonly CandleRow[], timeframe: Timeframe): Sifted {
  const rejected: Sifted["rejected"][number][] = [];
  const byTime = new Map<number, Candle>();
  const conflicts = new Set<number>();
  for (const { openTime, candle } of rows) {
    const fault = candle === undefined ? "incomplete" : candleFault(candle, timeframe);
    if (candle === undefined || fault !== undefined) {
      rejected.push({ openTime, reason: fault ?? "incomplete" });
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
