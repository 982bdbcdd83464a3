import { createIndicators } from "../../src/indicators/create.ts";
import type { Candle } from "../../src/market/candle.ts";
import { builtInStrategies, StrategyRegistry } from "../../src/strategies/registry.ts";
import { type ConfiguredStrategy, resolveStrategies } from "../../src/strategies/resolve.ts";
import { StrategyRunner, type StrategyWish } from "../../src/strategies/runner.ts";
import { series } from "../kit/builders.ts";

export const registry = new StrategyRegistry(builtInStrategies);
export const ids = registry.ids();
const indicators = createIndicators();

/** A built-in strategy with its defaults and what is named. */
export function configured(
  id: string,
  parameters: Record<string, unknown> = {},
): readonly ConfiguredStrategy[] {
  return resolveStrategies(registry, [{ id, parameters }]);
}

export function runnerOf(strategies: readonly ConfiguredStrategy[]): StrategyRunner {
  return new StrategyRunner({ series: series(), strategies, indicators });
}

/** All strategies with short periods: they are warm early and trade often. */
export const LIVELY = resolveStrategies(registry, [
  { id: "ema-cross", parameters: { fast_periods: 3, slow_periods: 8, atr_periods: 5 } },
  { id: "rsi-reversion", parameters: { rsi_periods: 4, atr_periods: 5 } },
  {
    id: "macd-adx-trend",
    parameters: {
      fast_periods: 3,
      slow_periods: 8,
      signal_periods: 3,
      adx_periods: 4,
      atr_periods: 5,
    },
  },
  { id: "bollinger-breakout", parameters: { band_periods: 8, deviations: 1.2, atr_periods: 5 } },
  { id: "momentum", parameters: { lookback_periods: 4, atr_periods: 5 } },
]);

export interface Raised extends StrategyWish {
  readonly openTime: number;
}

/** Loads a history and advances through the rest; answers what was wished, and when. */
export function wishes(
  strategies: readonly ConfiguredStrategy[],
  history: readonly Candle[],
  rest: readonly Candle[],
): Raised[] {
  const runner = runnerOf(strategies);
  runner.load(history);
  return rest.flatMap((candle) =>
    runner.advance(candle).map((wish) => ({ ...wish, openTime: candle.openTime })),
  );
}
