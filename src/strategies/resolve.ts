import type { Series } from "../market/series.ts";
import type { SignalConfig } from "../market/signal.ts";
import { isTimeframe, TIMEFRAMES, type Timeframe } from "../market/timeframe.ts";
import { FailureError } from "../runtime/errors.ts";
import type { StrategyRegistry } from "./registry.ts";
import type { Strategy } from "./strategy.ts";

/** A strategy as settings name it. */
export interface StrategyConfig {
  readonly id: string;
  /** Checked against the strategy's own schema; what is left out takes its default. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Timeframes it runs on; all when absent. */
  readonly timeframes?: readonly Timeframe[] | undefined;
}

/** A strategy with checked parameters, ready to start. */
export interface ConfiguredStrategy {
  readonly strategy: Strategy;
  readonly parameters: unknown;
  readonly timeframes: readonly Timeframe[];
  /** Pairs it runs on, whatever the exchange; all when absent. */
  readonly pairs?: readonly string[];
  readonly config: SignalConfig;
}

/**
 * Finds the configured strategies and checks their parameters.
 * @throws FailureError with one line that names each strategy and parameter at fault. A strategy
 *   may be there twice only on different timeframes, since its signals would have the same ids.
 */
export function resolveStrategies(
  registry: StrategyRegistry,
  configs: readonly StrategyConfig[],
): readonly ConfiguredStrategy[] {
  const faults: string[] = [];
  const taken = new Set<string>();
  const resolved: ConfiguredStrategy[] = [];
  for (const { id, parameters, timeframes = TIMEFRAMES } of configs) {
    const strategy = registry.get(id);
    if (strategy === undefined) {
      faults.push(`${id}: unknown strategy, known are ${registry.ids().join(", ")}`);
      continue;
    }
    for (const timeframe of timeframes) {
      const key = `${id} ${timeframe}`;
      if (!isTimeframe(timeframe)) faults.push(`${id}: unknown timeframe ${String(timeframe)}`);
      if (taken.has(key)) faults.push(`${id}: configured twice on ${timeframe}`);
      taken.add(key);
    }
    const parsed = strategy.parameters.safeParse(parameters);
    if (parsed.success) {
      const config = { name: id, version: 0, origin: "settings" } as const;
      resolved.push({ strategy, parameters: parsed.data, timeframes, config });
    } else {
      faults.push(
        ...parsed.error.issues.map(({ path, message }) =>
          [id, ...path.map(String), message].join(": "),
        ),
      );
    }
  }
  if (faults.length === 0) return resolved;
  throw new FailureError("strategy-config", `strategies: ${faults.join("; ")}`, { retry: "never" });
}

/** Those of the strategies that run on a series. */
export function strategiesOn(
  strategies: readonly ConfiguredStrategy[],
  { pair, timeframe }: Pick<Series, "pair" | "timeframe">,
): readonly ConfiguredStrategy[] {
  return strategies.filter(
    ({ timeframes, pairs }) =>
      timeframes.includes(timeframe) && (pairs === undefined || pairs.includes(pair)),
  );
}
