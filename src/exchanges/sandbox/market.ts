import type { Timeframe } from "../../market/timeframe.ts";

/**
 * One bar in whole numbers: prices count the listing's ticks, the volume counts its lots.
 * Integers, so that a longer bar is exactly the sum of its shorter ones.
 */
export interface Bar {
  /** UTC ms of the exchange's clock. */
  readonly openTime: number;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly volume: bigint;
}

/** A pair the sandbox lists. Its tick is 10^-priceDecimals, its lot is 10^-volumeDecimals. */
export interface Listing {
  /** As the venue writes it, e.g. `BTCUSDT`. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly priceDecimals: number;
  readonly volumeDecimals: number;
  /** Smallest price times quantity of an order, quote currency. */
  readonly minNotional: string;
  /** Usual distance between best bid and best ask, hundredths of a percent of the price. */
  readonly spreadBps: number;
  /** The shortest candle there is of this pair. */
  readonly shortest: Timeframe;
}

/** Which recording plays, and where it was laid on the calendar. */
export interface ReplayIdentity {
  /** Names of the files played, sorted, joined by commas. */
  readonly files: string;
  /** The recorded instant that was asked for, UTC ms; null when the sandbox chose it. */
  readonly askedAtMs: number | null;
  /** The recorded instant that played at the first start, UTC ms; it chose the files. */
  readonly atMs: number;
  /** Exchange time minus recorded time: a whole number of weeks, ms. */
  readonly shiftMs: number;
}

/** What makes two sandbox markets the same one. */
export interface MarketIdentity {
  readonly seed: string;
  readonly replay: ReplayIdentity | null;
}

export type TradingStatus = "TRADING" | "BREAK";

/** The market behind the sandbox's HTTP face. All times are UTC ms of the exchange's clock. */
export interface SandboxMarket {
  readonly identity: MarketIdentity;
  readonly listings: readonly Listing[];
  /** When the first candle of a pair opens and when its last one closes (infinity: never). */
  span(listing: Listing): { readonly firstMs: number; readonly endMs: number };
  /**
   * What a pair traded from an instant to just before another, as one bar that opens at `fromMs`.
   * A candle that contains `untilMs` counts as far as it had come by then. Undefined when the
   * market has nothing there, as during an outage.
   * @param fromMs an open time on the grid of the pair's shortest candles, or of a longer one.
   */
  barOver(listing: Listing, fromMs: number, untilMs: number): Bar | undefined;
  /** The last traded price at an instant, in ticks. */
  priceAt(listing: Listing, atMs: number): bigint;
  statusAt(listing: Listing, atMs: number): TradingStatus;
}
