import type { CandleRow, KnownSeries, Store } from "../../src/store/port.ts";

const MINUTE = 60_000;
export const START = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;

/** Rows of one series in one write, as a first load brings them. */
export const BATCH = 500;

/** A sound candle that its series and place tell from all others. */
export function row(seriesId: number, place: number, source: CandleRow["source"]): CandleRow {
  const open = 100 + ((seriesId * 31 + place * 17) % 1_000) / 100;
  const close = open + ((place % 7) - 3) / 100;
  return {
    seriesId,
    openTime: START + place * MINUTE,
    open,
    high: Math.max(open, close) + 0.25,
    low: Math.min(open, close) - 0.25,
    close,
    volume: (place * 13) % 997,
    source,
    attempt: 1,
    fetchedAt: START + place * MINUTE + 65_000,
  };
}

export function batch(seriesId: number, from = 0, length = BATCH): CandleRow[] {
  return Array.from({ length }, (_, i) => row(seriesId, from + i, "bootstrap"));
}

/** Follows that many series in 1m, their months made. */
export async function follow(
  store: Store,
  portfolio: string,
  count: number,
): Promise<readonly KnownSeries[]> {
  const series = Array.from({ length: count }, (_, i) => ({
    exchange: "binance",
    pair: `${portfolio.toUpperCase()}${i}/USDT`,
    timeframe: "1m" as const,
  }));
  await store.watch.savePortfolio({ name: portfolio, series }, "bench", START);
  await store.candles.ensurePartitions("1m", START, START + 40 * DAY);
  const pairs = new Set(series.map(({ pair }) => pair));
  return (await store.watch.active()).filter(({ pair }) => pairs.has(pair));
}
