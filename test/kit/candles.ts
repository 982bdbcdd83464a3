import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Candle } from "../../src/market/candle.ts";
import { openTimeAt, type Timeframe, timeframeMs } from "../../src/market/timeframe.ts";

/** A source of numbers in [0, 1) that a seed fixes (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface WalkOptions {
  readonly seed?: number;
  readonly timeframe?: Timeframe;
  /** An instant in the first candle, UTC ms. */
  readonly startMs?: number;
  readonly price?: number;
  /** Typical move of one candle, as a share of the price. */
  readonly volatility?: number;
  /** Share of candles without any trade: flat at the previous close, volume 0. */
  readonly flatFraction?: number;
}

/** A random walk with slow swings, so that trends turn and every strategy finds something. */
export function walk(count: number, options: WalkOptions = {}): Candle[] {
  const { seed = 1, timeframe = "1h", price = 30_000, volatility = 0.01 } = options;
  const { startMs = Date.UTC(2026, 0, 5), flatFraction = 0 } = options;
  const random = seeded(seed);
  const first = openTimeAt(timeframe, startMs);
  let close = price;
  return Array.from({ length: count }, (_, i) => {
    const openTime = first + i * timeframeMs(timeframe);
    const open = close;
    if (random() < flatFraction) {
      return { openTime, open, high: open, low: open, close, volume: 0 };
    }
    const swing = Math.sin(i / 17 + seed) * volatility * 0.4;
    close = open * (1 + (random() - 0.5) * 2 * volatility + swing);
    const high = Math.max(open, close) * (1 + random() * volatility * 0.5);
    const low = Math.min(open, close) * (1 - random() * volatility * 0.5);
    return { openTime, open, high, low, close, volume: 1 + random() * 100 };
  });
}

/** Candles with the given closes, each opening at the previous close. */
export function fromCloses(
  closes: readonly number[],
  timeframe: Timeframe = "1h",
  startMs: number = Date.UTC(2026, 0, 5),
): Candle[] {
  const first = openTimeAt(timeframe, startMs);
  return closes.map((close, i) => {
    const open = closes[i - 1] ?? close;
    const high = Math.max(open, close);
    const low = Math.min(open, close);
    return { openTime: first + i * timeframeMs(timeframe), open, high, low, close, volume: 1 };
  });
}

const RECORDED = resolve(import.meta.dirname, "../../../shared/marketdata/binance_spot");

/**
 * Recorded candles whose file name starts like this, e.g. `BTC_USDT-1h-20230401`; undefined, with
 * the reason printed, where the recordings are not at hand.
 */
export function recorded(prefix: string): Candle[] | undefined {
  const name = existsSync(RECORDED)
    ? readdirSync(RECORDED).find((file) => file.startsWith(prefix) && file.endsWith(".csv.gz"))
    : undefined;
  if (name === undefined) {
    process.stderr.write(`skipped: no recorded candles ${prefix}… beside the project\n`);
    return undefined;
  }
  const rows = gunzipSync(readFileSync(join(RECORDED, name)))
    .toString("utf8")
    .trim()
    .split("\n");
  return rows.slice(1).map((row) => {
    const [openTime = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = row
      .split(",")
      .map(Number);
    return { openTime, open, high, low, close, volume };
  });
}
