import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A strategies folder with one strategy that buys on every other candle and sells on the rest.
 * @param warmup candles it wants to have seen before, ten say.
 */
export function metronomeFolder(dataDir: string, warmup = 0): string {
  const folder = join(dataDir, "strategies");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "metronome.mjs"),
    `export default ({ z }) => ({
  id: "metronome",
  version: "1",
  summary: "Buys on every other candle and sells on the rest.",
  parameters: z.strictObject({}),
  warmup: () => ${warmup},
  start: () => ({
    onCandle({ candle }) {
      const isEven = (candle.openTime / 60_000) % 2 === 0;
      if (!isEven) return { side: "sell", strength: 1, evidence: {} };
      return { side: "buy", strength: 1, stopLoss: (candle.close * 0.9).toFixed(8), evidence: {} };
    },
  }),
});
`,
  );
  return folder;
}

/** Limits of a Gatekeeper that lets nearly everything pass, on a machine that may be slow. */
export const GENEROUS = {
  stakeFraction: 0.05,
  maxAssetExposureFraction: 1,
  maxPortfolioExposureFraction: 1,
  maxSpreadFraction: 1,
  maxSlippageFraction: 1,
  minDayQuoteVolume: 0,
  maxDailyLossFraction: 1,
  maxDrawdownFraction: 1,
  maxTradesPerDay: 100_000,
  cooldownCandles: 0,
  maxSignalAgeFraction: 1,
  maxQuoteAgeMs: 600_000,
  maxDayStatsAgeMs: 600_000_000,
  maxClockSkewMs: 600_000,
  maxClockSkewAgeMs: 600_000_000,
};
