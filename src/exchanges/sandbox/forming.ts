import type { Bar } from "./market.ts";
import { Draws } from "./random.ts";

interface Knot {
  /** Share of the candle's length, 0 to 1. */
  readonly at: number;
  readonly price: bigint;
}

/**
 * The way a price takes through its candle: from the open over low and high, in a drawn order and
 * with a detour before, between and after them, to the close. Straight lines join the knots, so
 * the way never leaves the candle and has touched both extremes when the candle closes.
 */
function wayThrough(bar: Bar, key: number): readonly Knot[] {
  const draws = new Draws(key);
  const rises = bar.close >= bar.open;
  // A rising candle has mostly been at its low first.
  const lowFirst = draws.uniform() < (rises ? 0.7 : 0.3);
  const first = draws.between(0.15, 0.4);
  const second = draws.between(0.55, 0.85);
  const within = (): bigint =>
    bar.low + BigInt(Math.floor(Number(bar.high - bar.low) * draws.between(0.15, 0.85)));
  return [
    { at: 0, price: bar.open },
    { at: first / 2, price: within() },
    { at: first, price: lowFirst ? bar.low : bar.high },
    { at: (first + second) / 2, price: within() },
    { at: second, price: lowFirst ? bar.high : bar.low },
    { at: (second + 1) / 2, price: within() },
    { at: 1, price: bar.close },
  ];
}

/**
 * A candle as far as it has come. The price follows a way that depends on the candle and the key
 * alone; the volume grows evenly. At its end it is the closed candle.
 * @param elapsedMs since the candle's open, above 0 and at most its length.
 * @param key tells candles apart that look alike.
 */
export function formingBar(bar: Bar, elapsedMs: number, lengthMs: number, key: number): Bar {
  if (elapsedMs >= lengthMs) return bar;
  const share = elapsedMs / lengthMs;
  let { open: high, open: low, open: close } = bar;
  let before: Knot = { at: 0, price: bar.open };
  for (const knot of wayThrough(bar, key)) {
    if (knot.at <= share) close = knot.price;
    else {
      const part = (share - before.at) / (knot.at - before.at);
      close = before.price + BigInt(Math.round(Number(knot.price - before.price) * part));
    }
    if (close > high) high = close;
    if (close < low) low = close;
    if (knot.at > share) break;
    before = knot;
  }
  const volume = (bar.volume * BigInt(Math.floor(elapsedMs))) / BigInt(lengthMs);
  return { openTime: bar.openTime, open: bar.open, high, low, close, volume };
}
