import { StartRefusal } from "../config/refusal.ts";
import type { Settings } from "../config/settings.ts";
import type { StrategyInfo } from "../http/deps.ts";
import { createIndicators } from "../indicators/create.ts";
import type { Indicators } from "../indicators/port.ts";
import type { Series } from "../market/series.ts";
import { TIMEFRAMES } from "../market/timeframe.ts";
import { FailureError } from "../runtime/errors.ts";
import { createRegistry } from "../strategies/registry.ts";
import { type ConfiguredStrategy, resolveStrategies } from "../strategies/resolve.ts";
import { StrategyRunner } from "../strategies/runner.ts";

/** Which strategies run on which series, with checked parameters. */
export class StrategyPlan {
  readonly configured: readonly ConfiguredStrategy[];
  readonly #indicators: Indicators;
  readonly #historyCandles: number;

  private constructor(configured: readonly ConfiguredStrategy[], historyCandles: number) {
    this.configured = configured;
    this.#indicators = createIndicators();
    this.#historyCandles = historyCandles;
  }

  /**
   * Loads the strategies that the settings name.
   * @throws StartRefusal naming the strategy, and the parameter or the file, that is at fault.
   */
  static async load(settings: Settings): Promise<StrategyPlan> {
    try {
      const registry = await createRegistry(settings.strategiesDir);
      const wanted = settings.strategies.map(({ timeframes, ...rest }) =>
        timeframes === undefined ? rest : { ...rest, timeframes },
      );
      return new StrategyPlan(resolveStrategies(registry, wanted), settings.historyCandles);
    } catch (error) {
      if (error instanceof FailureError) throw new StartRefusal(error.message, error);
      throw error;
    }
  }

  /** The strategies of one series at work, without any memory yet. */
  createRunner(series: Series): StrategyRunner {
    return new StrategyRunner({
      series,
      strategies: this.configured.filter((one) => one.timeframes.includes(series.timeframe)),
      indicators: this.#indicators,
      windowLength: this.#historyCandles,
    });
  }

  /** Candles an analyst of a series needs behind it: what the settings ask for, or its strategies. */
  candlesFor(series: Series): number {
    return this.createRunner(series).needed;
  }

  /** What runs, for people. */
  describe(): readonly StrategyInfo[] {
    return this.configured.map(({ strategy, parameters, timeframes }) => ({
      id: strategy.id,
      version: strategy.version,
      summary: strategy.summary,
      parameters: parameters as StrategyInfo["parameters"],
      timeframes: timeframes.length === TIMEFRAMES.length ? null : timeframes,
    }));
  }
}
