import type { StrategyInfo, StrategyView } from "../../http/deps.ts";
import { TIMEFRAMES } from "../../market/timeframe.ts";
import type { ConfiguredStrategy } from "../../strategies/resolve.ts";
import type { StrategyPlan } from "../strategy-plan.ts";
import type { ConfigWatch } from "./watch.ts";

/** A strategy as people read about it. */
export function describeStrategy({
  strategy,
  parameters,
  timeframes,
  pairs,
  config,
}: ConfiguredStrategy): StrategyInfo {
  return {
    id: strategy.id,
    version: strategy.version,
    summary: strategy.summary,
    parameters: parameters as StrategyInfo["parameters"],
    timeframes: timeframes.length === TIMEFRAMES.length ? null : timeframes,
    pairs: pairs ?? null,
    config,
  };
}

/** What runs and why, as the API shows it. */
export function strategyView(plan: StrategyPlan, watch: ConfigWatch): StrategyView {
  return {
    running: () => plan.configured.map(describeStrategy),
    limitsOf: (config) => watch.limitsOf(config),
    standing: () => ({ ...watch.standing, confirmedAgeMs: watch.ageMs ?? null }),
    refresh: () => watch.refresh(),
  };
}
