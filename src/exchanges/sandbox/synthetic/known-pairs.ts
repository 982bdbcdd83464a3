import { type PairProfile, profileOf } from "./profile.ts";

// base, price, price decimals, volume decimals, spread in bps, daily volatility, daily volume.
type Figures = readonly [string, number, number, number, number, number, number];

/** Ticks and lots as the real venue has them; the other figures are of its order of magnitude. */
const AGAINST_USDT: readonly Figures[] = [
  ["BTC", 64_000, 2, 5, 0.4, 0.028, 24_000],
  ["ETH", 3_200, 2, 4, 0.6, 0.036, 320_000],
  ["SOL", 160, 2, 3, 1.3, 0.048, 4_200_000],
  ["BNB", 590, 2, 3, 1, 0.03, 420_000],
  ["XRP", 0.62, 4, 0, 2, 0.04, 320_000_000],
  ["ADA", 0.46, 4, 1, 2.6, 0.044, 130_000_000],
  ["DOGE", 0.14, 5, 0, 1.6, 0.052, 1_900_000_000],
  ["LTC", 82, 2, 3, 2, 0.036, 480_000],
  ["LINK", 15, 2, 2, 7, 0.044, 2_900_000],
  ["AVAX", 34, 2, 2, 4, 0.048, 1_700_000],
  ["DOT", 6.6, 3, 2, 3, 0.044, 5_200_000],
];

/** The pairs every synthetic market lists. */
export const KNOWN_PAIRS: readonly PairProfile[] = [
  ...AGAINST_USDT.map((figures) => {
    const [base, price, priceDecimals, volumeDecimals, spreadBps, dailyVolatility, dailyVolume] =
      figures;
    return profileOf({
      base,
      price,
      priceDecimals,
      volumeDecimals,
      spreadBps,
      dailyVolatility,
      dailyVolume,
    });
  }),
  profileOf({
    base: "ETH",
    quote: "BTC",
    price: 0.05,
    priceDecimals: 5,
    volumeDecimals: 4,
    spreadBps: 2.5,
    dailyVolatility: 0.02,
    dailyVolume: 26_000,
    minNotional: "0.00010000",
  }),
];
