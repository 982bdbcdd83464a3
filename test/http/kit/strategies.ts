import type { StrategyInfo, StrategyView } from "../../../src/http/deps.ts";
import { riskLimitsSchema } from "../../../src/risk/limits.ts";

const RUNNING: readonly StrategyInfo[] = [
  {
    id: "ema-cross",
    version: "1",
    summary: "Two averages",
    parameters: { fast_periods: 12 },
    timeframes: ["1h"],
    pairs: ["EUR/USD"],
    config: { name: "swing", version: 4, origin: "vault" },
  },
];

/** One row that runs, one that was refused, one that is switched off. */
export function fakeStrategies(): StrategyView {
  return {
    running: () => RUNNING,
    limitsOf: () => riskLimitsSchema.parse({ stakeFraction: 0.05 }),
    standing: () => ({
      origin: "vault",
      confirmedAgeMs: 12_500,
      refused: [{ name: "odd", version: 2, reason: "symbols: names no pair", running: 1 }],
      disabled: ["off"],
    }),
    refresh: () =>
      Promise.resolve({ kind: "changed", started: ["swing"], changed: [], stopped: ["day"] }),
  };
}
