import { createIndicators } from "../src/indicators/create.ts";
import type { Candle } from "../src/market/candle.ts";

const ANALYSTS = 1_000;
const WINDOW = 500;
const CLOSES = 30;
/** Recomputing is so slow that a part of the analysts has to speak for all. */
const RECOMPUTED = 100;

const make = createIndicators();

/** The six indicators of a usual analyst, as one function of the next candle. */
function analyst(): (candle: Candle) => number {
  const [fast, slow] = [make.ema(20), make.ema(50)];
  const [rsi, macd] = [make.rsi(14), make.macd(12, 26, 9)];
  const [bands, atr] = [make.bollinger(20, 2), make.atr(14)];
  return (candle) => {
    const values = [fast.next(candle), slow.next(candle), rsi.next(candle), atr.next(candle)];
    const lines = [macd.next(candle)?.histogram, bands.next(candle)?.upper];
    return [...values, ...lines].reduce((sum: number, value) => sum + (value ?? 0), 0);
  };
}

/** A made-up market without a random source: prices swing and never repeat within the window. */
function candleAt(i: number): Candle {
  const open = 30_000 + 900 * Math.sin(i / 7) + 300 * Math.sin(i / 2.3);
  const close = 30_000 + 900 * Math.sin((i + 1) / 7) + 300 * Math.sin((i + 1) / 2.3);
  const [high, low] = [Math.max(open, close) + 20, Math.min(open, close) - 20];
  return { openTime: i * 60_000, open, high, low, close, volume: 1 + (i % 9) };
}

const microsSince = (start: bigint): number => Number(process.hrtime.bigint() - start) / 1_000;
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** One close after another, each seen by all analysts; µs per analyst and close. */
function streaming(candles: readonly Candle[]): number {
  const analysts = Array.from({ length: ANALYSTS }, analyst);
  for (const candle of candles.slice(0, WINDOW)) for (const next of analysts) next(candle);
  return median(
    candles.slice(WINDOW).map((candle) => {
      const start = process.hrtime.bigint();
      for (const next of analysts) next(candle);
      return microsSince(start) / ANALYSTS;
    }),
  );
}

/** The same close worked out anew from the last 500 candles; µs per analyst and close. */
function recomputing(candles: readonly Candle[]): number {
  const window = candles.slice(-WINDOW);
  return median(
    Array.from({ length: RECOMPUTED }, () => {
      const start = process.hrtime.bigint();
      const next = analyst();
      for (const candle of window) next(candle);
      return microsSince(start);
    }),
  );
}

/** Prints what a close costs an analyst with six indicators, streaming and recomputed. */
export function run(): Promise<void> {
  const candles = Array.from({ length: WINDOW + CLOSES }, (_, i) => candleAt(i));
  const [stream, anew] = [streaming(candles), recomputing(candles)];
  console.log(`analysts                 ${ANALYSTS}, six indicators each`);
  console.log(`streaming                ${stream.toFixed(1)} µs per analyst and close`);
  console.log(`recomputing ${WINDOW} candles  ${anew.toFixed(0)} µs per analyst and close`);
  console.log(`ratio                    ${(anew / stream).toFixed(0)} times`);
  console.log(`one close of all         ${((stream * ANALYSTS) / 1_000).toFixed(1)} ms`);
  return Promise.resolve();
}
