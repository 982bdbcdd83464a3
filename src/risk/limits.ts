import { z } from "zod";

const fraction = z.number().gt(0).lte(1);

/** What the Gatekeeper allows. Each limit states its unit by its name. */
export const riskLimitsSchema = z.strictObject({
  /** Share of equity one trade may use. */
  stakeFraction: fraction.default(0.1),
  /** Widest spread, as a share of the mid price. */
  maxSpreadFraction: fraction.default(0.005),
  /** Worst average price our own size may get against the mid price, as a share of it. */
  maxSlippageFraction: fraction.default(0.005),
  /** Least turnover of the pair in 24 hours, quote currency. */
  minDayQuoteVolume: z.number().min(0).default(100_000),
  maxAssetExposureFraction: fraction.default(0.25),
  maxPortfolioExposureFraction: fraction.default(0.8),
  maxOpenPositions: z.int().min(1).max(1_000).default(8),
  /** Loss since the start of the UTC day, as a share of equity then, that ends the day's buying. */
  maxDailyLossFraction: fraction.default(0.05),
  /** Fall from the highest equity that ends all buying. */
  maxDrawdownFraction: fraction.default(0.2),
  maxTradesPerDay: z.int().min(1).max(100_000).default(200),
  /** Quiet time of a pair after a position in it ended, in candles of the signal's timeframe. */
  cooldownCandles: z.int().min(0).max(1_000).default(1),
  /** Longest life of a signal as a share of its timeframe; never more than {@link maxSignalAgeMs}. */
  maxSignalAgeFraction: fraction.default(0.25),
  maxSignalAgeMs: z.int().min(1_000).default(300_000),
  /** Oldest quote, book and day figures a decision may rest on. */
  maxQuoteAgeMs: z.int().min(100).default(10_000),
  maxDayStatsAgeMs: z.int().min(1_000).default(1_800_000),
  /** Largest distance between the exchange's clock and ours. */
  maxClockSkewMs: z.int().min(1).default(2_000),
  /** Oldest measurement of that distance. */
  maxClockSkewAgeMs: z.int().min(1_000).default(3_600_000),
  /** Nearest and farthest stop-loss of a buy, as a share of its price. */
  minStopFraction: fraction.default(0.0005),
  maxStopFraction: fraction.default(0.2),
});

export type RiskLimits = z.infer<typeof riskLimitsSchema>;
