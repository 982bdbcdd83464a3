import type { Indicators } from "../indicators/port.ts";
import type { Candle } from "../market/candle.ts";
import { type Series, seriesKey } from "../market/series.ts";
import type { SignalConfig } from "../market/signal.ts";
import { timeframeMs } from "../market/timeframe.ts";
import { FailureError, messageOf } from "../runtime/errors.ts";
import type { ConfiguredStrategy } from "./resolve.ts";
import type { StrategyRun, StrategyView, Wish } from "./strategy.ts";
import { CandleWindow } from "./window.ts";
import { wishFault } from "./wish.ts";

/** A wish with the name of the strategy that has it. */
export interface StrategyWish extends Wish {
  readonly strategy: string;
  readonly strategyVersion: string;
  readonly config: SignalConfig;
}

/** How far a strategy is with its warm-up, in candles. */
export interface WarmState {
  readonly warmup: number;
  readonly seen: number;
  /** A wish on the next candle counts. */
  readonly isWarm: boolean;
}

export interface RunnerOptions {
  readonly series: Series;
  readonly strategies: readonly ConfiguredStrategy[];
  readonly indicators: Indicators;
  /** Candles a strategy can look back at; 500 unless told. */
  readonly windowLength?: number;
}

interface AtWork {
  readonly configured: ConfiguredStrategy;
  readonly warmup: number;
  run: StrategyRun;
}

/**
 * The strategies of one series at work. It is pure: no clock, no I/O, and the same candles give the
 * same wishes. Strategies cannot be rewound, so after a gap, a revision or a restart the owner
 * loads the history again.
 */
export class StrategyRunner {
  /** Candles of history that warm every strategy up and fill the window. */
  readonly needed: number;
  readonly #series: Series;
  readonly #indicators: Indicators;
  readonly #strategies: readonly AtWork[];
  #window: CandleWindow;
  #lastOpenTime: number | undefined;
  #seen = 0;

  constructor({ series, strategies, indicators, windowLength = 500 }: RunnerOptions) {
    this.#series = series;
    this.#indicators = indicators;
    this.#strategies = strategies.map((configured) => ({
      configured,
      warmup: configured.strategy.warmup(configured.parameters),
      run: configured.strategy.start(configured.parameters, indicators),
    }));
    // One more than the warm-up: the candle on which the first wish may count.
    this.needed = Math.max(windowLength, ...this.#strategies.map(({ warmup }) => warmup + 1));
    this.#window = new CandleWindow(this.needed);
  }

  /** Open time of the newest candle it has seen, UTC ms. */
  get lastOpenTime(): number | undefined {
    return this.#lastOpenTime;
  }

  /**
   * Begins afresh from closed candles, oldest first, and wishes nothing. Holes are taken as they
   * are: the owner knows whether the venue has nothing there.
   * @throws RangeError when the candles are not in order.
   * @throws FailureError when a strategy throws.
   */
  load(history: readonly Candle[]): void {
    this.#window = new CandleWindow(this.needed);
    this.#lastOpenTime = undefined;
    this.#seen = 0;
    for (const at of this.#strategies) {
      at.run = at.configured.strategy.start(at.configured.parameters, this.#indicators);
    }
    for (const candle of history) {
      if (candle.openTime <= (this.lastOpenTime ?? Number.NEGATIVE_INFINITY)) {
        throw new RangeError(`history of ${seriesKey(this.#series)} is not in order`);
      }
      this.#feed(candle);
    }
  }

  /**
   * Takes the next closed candle and answers the wishes of all strategies that were warm before it.
   * @param emptyBefore open times right before it at which the venue confirmed to have no candle.
   * @throws RangeError when the candle does not follow the previous one; nothing has changed then.
   * @throws FailureError when a strategy throws or wishes nonsense; load the history again then.
   */
  advance(candle: Candle, emptyBefore = 0): readonly StrategyWish[] {
    const step = timeframeMs(this.#series.timeframe) * (1 + emptyBefore);
    const last = this.lastOpenTime;
    if (last !== undefined && candle.openTime !== last + step) {
      const key = seriesKey(this.#series);
      throw new RangeError(`candle ${candle.openTime} does not follow ${last} of ${key}`);
    }
    return this.#feed(candle);
  }

  /** @throws RangeError for a strategy that does not run here. */
  warm(strategyId: string): WarmState {
    const found = this.#strategies.find(({ configured }) => configured.strategy.id === strategyId);
    if (found === undefined) {
      throw new RangeError(`no strategy ${strategyId} on ${seriesKey(this.#series)}`);
    }
    const { warmup } = found;
    return { warmup, seen: this.#seen, isWarm: this.#seen >= warmup };
  }

  #feed(candle: Candle): StrategyWish[] {
    const window = this.#window;
    const seenBefore = this.#seen;
    // Counted before anybody is asked: after a throw the same candle must not be fed twice.
    window.push(candle);
    this.#lastOpenTime = candle.openTime;
    this.#seen += 1;
    const view: StrategyView = {
      timeframe: this.#series.timeframe,
      candle,
      candleAt: (back) => window.at(back),
    };
    const wishes: StrategyWish[] = [];
    for (const { configured, warmup, run } of this.#strategies) {
      const wish = this.#ask(configured, run, view);
      if (wish === undefined || seenBefore < warmup) continue;
      const { id: strategy, version: strategyVersion } = configured.strategy;
      wishes.push({ ...wish, strategy, strategyVersion, config: configured.config });
    }
    return wishes;
  }

  #ask({ strategy }: ConfiguredStrategy, run: StrategyRun, view: StrategyView): Wish | undefined {
    const where = `strategy ${strategy.id} on ${seriesKey(this.#series)} at ${view.candle.openTime}`;
    let wish: Wish | undefined;
    try {
      wish = run.onCandle(view);
    } catch (error) {
      throw new FailureError("strategy-threw", `${where}: ${messageOf(error)}`, {
        retry: "never",
        cause: error,
      });
    }
    const fault = wish === undefined ? undefined : wishFault(wish);
    if (fault === undefined) return wish;
    throw new FailureError("strategy-wish", `${where}: ${fault}`, { retry: "never" });
  }
}
