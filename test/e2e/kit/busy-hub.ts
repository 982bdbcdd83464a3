import type { Timeframe } from "../../../src/market/timeframe.ts";
import { type MarketTruth, marketTruth } from "../../kit/market-truth.ts";

/** How much a hub is given to do. */
export interface Load {
  /** Names the synthetic market. */
  readonly market: string;
  readonly pairs: number;
  readonly timeframes: readonly Timeframe[];
  /** Market time for each machine time. */
  readonly speed: number;
}

/** A hub that follows much of a synthetic market, and orders in plenty. */
export interface BusyHub {
  readonly pairs: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** What its exchange truly has. */
  truth(): MarketTruth;
}

export function busyHub({ market, pairs: count, timeframes, speed }: Load): BusyHub {
  const pairs = Array.from({ length: count }, (_, n) => `S${String(n + 1).padStart(4, "0")}/USDT`);
  return {
    pairs,
    settings: {
      HUB_SPEED: String(speed),
      HUB_SANDBOX_EXTRA_PAIRS: String(count),
      HUB_SANDBOX_SEED: market,
      HUB_PORTFOLIOS: JSON.stringify([{ name: "many", exchange: "binance", pairs, timeframes }]),
      // What is to be shown is that no order is lost or doubled, not that they are good.
      HUB_LIMITS: JSON.stringify({
        stakeFraction: 0.02,
        maxOpenPositions: 100,
        minDayQuoteVolume: 0,
        cooldownCandles: 0,
        maxSpreadFraction: 0.05,
        maxSlippageFraction: 0.05,
        maxTradesPerDay: 100_000,
        // A minute of the market is a second of the machine, which has other things to do.
        maxSignalAgeFraction: 1,
      }),
    },
    truth: () => marketTruth(market, count),
  };
}

/** Sixty series, a minute of the market in each second: the hub that is killed. */
export const BUSY = busyHub({ market: "killed", pairs: 30, timeframes: ["1m", "5m"], speed: 60 });
