import type { Listing } from "../market.ts";

/** How a synthetic pair behaves. */
export interface PairProfile {
  readonly listing: Listing;
  /** Where its price stands in the long run, quote currency. */
  readonly price: number;
  /** Standard deviation of a day's change, as a share of the price. */
  readonly dailyVolatility: number;
  /** What it trades on a usual day, base asset. */
  readonly dailyVolume: number;
  /** How far its days follow the whole market's, 0 to 1. */
  readonly marketShare: number;
}

interface Row {
  readonly base: string;
  readonly quote?: string;
  readonly price: number;
  readonly priceDecimals: number;
  readonly volumeDecimals: number;
  readonly spreadBps: number;
  readonly dailyVolatility: number;
  readonly dailyVolume: number;
  readonly minNotional?: string;
}

/** A profile from its figures; the quote currency is USDT unless said. */
export function profileOf(row: Row): PairProfile {
  const { base, quote = "USDT", priceDecimals, volumeDecimals, spreadBps } = row;
  return {
    listing: {
      symbol: `${base}${quote}`,
      base,
      quote,
      priceDecimals,
      volumeDecimals,
      minNotional: row.minNotional ?? "5.00000000",
      spreadBps,
      shortest: "1m",
    },
    price: row.price,
    dailyVolatility: row.dailyVolatility,
    dailyVolume: row.dailyVolume,
    marketShare: quote === "USDT" ? 0.7 : 0,
  };
}
