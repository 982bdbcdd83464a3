import { timeframeMs } from "../../../market/timeframe.ts";
import { joinBars } from "../bar.ts";
import { formingBar } from "../forming.ts";
import type { Bar, Listing, MarketIdentity, SandboxMarket, TradingStatus } from "../market.ts";
import { keyOf, mix } from "../random.ts";
import type { Recording } from "./parse-recording.ts";

export interface RecordedPair {
  readonly listing: Listing;
  readonly recording: Recording;
}

/**
 * A recording that plays again, shifted by whole weeks. Longer candles are built from whatever
 * rows there are, as the exchange built them; where it had no rows there are none, and the pair's
 * status is BREAK. After the last row nothing comes any more.
 */
export class RecordedMarket implements SandboxMarket {
  readonly identity: MarketIdentity;
  readonly listings: readonly Listing[];
  readonly #shiftMs: number;
  readonly #recordings: ReadonlyMap<string, Recording>;

  /** @param shiftMs exchange time minus recorded time. */
  constructor(identity: MarketIdentity, pairs: readonly RecordedPair[], shiftMs: number) {
    this.identity = identity;
    this.listings = pairs.map(({ listing }) => listing);
    this.#shiftMs = shiftMs;
    this.#recordings = new Map(pairs.map(({ listing, recording }) => [listing.symbol, recording]));
  }

  span(listing: Listing): { readonly firstMs: number; readonly endMs: number } {
    const { openTimes, timeframe } = this.#recordingOf(listing);
    return {
      firstMs: (openTimes[0] ?? 0) + this.#shiftMs,
      endMs: (openTimes.at(-1) ?? 0) + timeframeMs(timeframe) + this.#shiftMs,
    };
  }

  barOver(listing: Listing, fromMs: number, untilMs: number): Bar | undefined {
    const recording = this.#recordingOf(listing);
    const end = firstRowFrom(recording.openTimes, untilMs - this.#shiftMs);
    let whole: Bar | undefined;
    for (let i = firstRowFrom(recording.openTimes, fromMs - this.#shiftMs); i < end; i++) {
      const row = this.#rowUntil(recording, i, untilMs, listing);
      whole = whole === undefined ? { ...row, openTime: fromMs } : joinBars(whole, row);
    }
    return whole;
  }

  priceAt(listing: Listing, atMs: number): bigint {
    const recording = this.#recordingOf(listing);
    const i = firstRowFrom(recording.openTimes, atMs - this.#shiftMs + 1) - 1;
    // Before its first row the pair stands at its first price.
    if (i < 0) return recording.open[0] ?? 0n;
    return this.#rowUntil(recording, i, atMs + 1, listing).close;
  }

  statusAt(listing: Listing, atMs: number): TradingStatus {
    const { openTimes, timeframe } = this.#recordingOf(listing);
    const recordedMs = atMs - this.#shiftMs;
    const openTime = openTimes[firstRowFrom(openTimes, recordedMs + 1) - 1];
    const isCovered = openTime !== undefined && recordedMs < openTime + timeframeMs(timeframe);
    return isCovered ? "TRADING" : "BREAK";
  }

  #rowUntil(recording: Recording, i: number, untilMs: number, listing: Listing): Bar {
    const recordedMs = recording.openTimes[i] ?? 0;
    const openTime = recordedMs + this.#shiftMs;
    const row: Bar = {
      openTime,
      open: recording.open[i] ?? 0n,
      high: recording.high[i] ?? 0n,
      low: recording.low[i] ?? 0n,
      close: recording.close[i] ?? 0n,
      volume: recording.volume[i] ?? 0n,
    };
    const lengthMs = timeframeMs(recording.timeframe);
    if (untilMs - openTime >= lengthMs) return row;
    // By recorded time, so that another shift plays the same way through the candle.
    const key = mix(keyOf(listing.symbol), recordedMs / 1_000);
    return formingBar(row, untilMs - openTime, lengthMs, key);
  }

  #recordingOf(listing: Listing): Recording {
    const recording = this.#recordings.get(listing.symbol);
    if (recording === undefined) throw new RangeError(`not listed: ${listing.symbol}`);
    return recording;
  }
}

/** The place of the first row that opens at an instant or after it; their number when none does. */
function firstRowFrom(openTimes: Float64Array, atMs: number): number {
  let low = 0;
  let high = openTimes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((openTimes[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
