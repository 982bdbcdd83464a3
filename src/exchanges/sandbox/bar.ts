import type { Bar } from "./market.ts";

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** A bar and the one after it as one bar, which keeps the first one's open time. */
export function joinBars(first: Bar, next: Bar): Bar {
  return {
    openTime: first.openTime,
    open: first.open,
    high: larger(first.high, next.high),
    low: smaller(first.low, next.low),
    close: next.close,
    volume: first.volume + next.volume,
  };
}

/**
 * What the dialect wants to know of a bar and neither market knows, made up from the bar alone.
 * The quote volume takes the mean of the four prices for the average price of a trade: it lies
 * within high and low, and is the one figure that does not add up exactly over shorter bars.
 */
export function estimatesOf(bar: Bar): {
  /** In ticks. */
  readonly meanPrice: bigint;
  /** In ticks times lots. */
  readonly quoteVolume: bigint;
  readonly trades: number;
} {
  const meanPrice = (bar.open + bar.high + bar.low + bar.close) / 4n;
  // Larger bars hold larger trades too: the count grows with the root of the volume.
  const trades = bar.volume === 0n ? 0 : 1 + Math.floor(Math.sqrt(Number(bar.volume)));
  return { meanPrice, quoteVolume: meanPrice * bar.volume, trades };
}
