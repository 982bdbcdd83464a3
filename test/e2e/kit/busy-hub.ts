import { type MarketTruth, marketTruth } from "../../kit/market-truth.ts";

/** Pairs of the synthetic market that a busy hub follows. */
export const PAIRS: readonly string[] = Array.from(
  { length: 30 },
  (_, n) => `S${String(n + 1).padStart(4, "0")}/USDT`,
);

const MARKET = "killed";

/** Sixty series, a minute of the market in each second, and orders in plenty. */
export const BUSY: Readonly<Record<string, string>> = {
  HUB_SPEED: "60",
  // A lease outlives its killed hub by this: until then the next one stands by.
  HUB_LEASE_TTL_MS: "3000",
  HUB_SANDBOX_EXTRA_PAIRS: String(PAIRS.length),
  HUB_SANDBOX_SEED: MARKET,
  HUB_PORTFOLIOS: JSON.stringify([
    { name: "many", exchange: "binance", pairs: PAIRS, timeframes: ["1m", "5m"] },
  ]),
  // What is to be shown is that no order is lost or doubled, not that they are good.
  HUB_LIMITS: JSON.stringify({
    stakeFraction: 0.02,
    maxOpenPositions: 100,
    minDayQuoteVolume: 0,
    cooldownCandles: 0,
    maxSpreadFraction: 0.05,
    maxSlippageFraction: 0.05,
    maxTradesPerDay: 100_000,
  }),
};

/** What a busy hub's exchange truly has. */
export function busyTruth(): MarketTruth {
  return marketTruth(MARKET, PAIRS.length);
}
