import { StartRefusal } from "../config/refusal.ts";
import { checkRetention } from "../config/retention.ts";
import type { Settings } from "../config/settings.ts";
import { createIndicators } from "../indicators/create.ts";
import type { Indicators } from "../indicators/port.ts";
import type { Series } from "../market/series.ts";
import { FailureError } from "../runtime/errors.ts";
import { createRegistry, type StrategyRegistry } from "../strategies/registry.ts";
import { type ConfiguredStrategy, resolveStrategies, strategiesOn } from "../strategies/resolve.ts";
import { StrategyRunner } from "../strategies/runner.ts";

/** Which strategies run on which series, with checked parameters; it may change while the hub runs. */
export class StrategyPlan {
  readonly registry: StrategyRegistry;
  /** What the settings want, for as long as the vault has nothing to say. */
  readonly fromSettings: readonly ConfiguredStrategy[];
  readonly #indicators: Indicators = createIndicators();
  readonly #settings: Pick<Settings, "historyCandles" | "retention">;
  #configured: readonly ConfiguredStrategy[];

  private constructor(
    registry: StrategyRegistry,
    fromSettings: readonly ConfiguredStrategy[],
    settings: Pick<Settings, "historyCandles" | "retention">,
  ) {
    this.registry = registry;
    this.fromSettings = fromSettings;
    this.#configured = fromSettings;
    this.#settings = settings;
  }

  /**
   * Loads the strategies that the settings name.
   * @throws StartRefusal naming the strategy, and the parameter or the file, that is at fault; also
   *   for candles that would go while one needs them.
   */
  static async load(settings: Settings): Promise<StrategyPlan> {
    try {
      const registry = await createRegistry(settings.strategiesDir);
      const wanted = settings.strategies.map(({ timeframes, ...rest }) =>
        timeframes === undefined ? rest : { ...rest, timeframes },
      );
      const plan = new StrategyPlan(registry, resolveStrategies(registry, wanted), settings);
      plan.#checkCandles(plan.fromSettings);
      return plan;
    } catch (error) {
      if (error instanceof StartRefusal) throw error;
      if (error instanceof FailureError) throw new StartRefusal(error.message, error);
      throw error;
    }
  }

  /** What runs now. */
  get configured(): readonly ConfiguredStrategy[] {
    return this.#configured;
  }

  /** From now on these run; whoever thinks about a series has to ask anew. */
  adopt(configured: readonly ConfiguredStrategy[]): void {
    this.#configured = configured;
  }

  /** Why a strategy cannot run on this hub; undefined when it can. */
  obstacle(strategy: ConfiguredStrategy): string | undefined {
    try {
      this.#checkCandles([strategy]);
      return undefined;
    } catch (error) {
      if (error instanceof StartRefusal) return error.message;
      throw error;
    }
  }

  /** The strategies of one series at work, without any memory yet. */
  createRunner(series: Series): StrategyRunner {
    return this.#runner(series, this.#configured);
  }

  /** Candles an analyst of a series needs behind it: what the settings ask for, or its strategies. */
  candlesFor(series: Series): number {
    return this.createRunner(series).needed;
  }

  /** Another text as soon as anything about the strategies of a series is different. */
  signature(series: Series): string {
    return JSON.stringify(
      strategiesOn(this.#configured, series).map(({ strategy, parameters, config }) => [
        strategy.id,
        parameters,
        config,
      ]),
    );
  }

  #runner(series: Series, configured: readonly ConfiguredStrategy[]): StrategyRunner {
    return new StrategyRunner({
      series,
      strategies: strategiesOn(configured, series),
      indicators: this.#indicators,
      windowLength: this.#settings.historyCandles,
    });
  }

  #checkCandles(configured: readonly ConfiguredStrategy[]): void {
    checkRetention(this.#settings.retention, (timeframe) => {
      const pair = configured.find(({ pairs }) => pairs !== undefined)?.pairs?.[0] ?? "ANY/ANY";
      return this.#runner({ exchange: "any", pair, timeframe }, configured).needed;
    });
  }
}
