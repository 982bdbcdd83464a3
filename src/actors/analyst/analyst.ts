import type { Candle } from "../../market/candle.ts";
import type { HubEvent } from "../../market/events.ts";
import { type Series, seriesKey } from "../../market/series.ts";
import { timeframeMs } from "../../market/timeframe.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { BatchHandlers, Ref } from "../../runtime/protocol.ts";
import type { LocalSpec } from "../../runtime/spec.ts";
import type { StrategyRunner } from "../../strategies/runner.ts";
import type { ArchitectProtocol, History } from "../architect/protocol.ts";
import type { GatekeeperProtocol } from "../gatekeeper/protocol.ts";
import type { AnalystProtocol, Wake } from "./protocol.ts";
import { raiseSignal } from "./raise.ts";

export interface AnalystDeps {
  readonly series: Series;
  readonly seriesId: number;
  /** Candles it holds behind it; more once its strategies want more. */
  readonly windowLength: () => number;
  readonly architect: Ref<ArchitectProtocol>;
  readonly gatekeeper: Ref<GatekeeperProtocol>;
  /** Makes the strategies of this series anew, without any memory. */
  readonly createRunner: () => StrategyRunner;
  readonly clock: Clock;
  readonly publish: (event: HubEvent) => void;
  /** Loading its history may wait for a slow database. */
  readonly storeTimeoutMs: number;
}

/** A verdict may wait for the exchange's books and for a database that is away; machine ms. */
const REVIEW_TIMEOUT_MS = 90_000;

/** It handles a candle in microseconds; more than a few waiting means that it is stuck. */
const CAPACITY = 64;

/**
 * Thinks about one pair in one timeframe, once per new closed candle.
 *
 * At its start and after a restart it takes its window from the store, and the candle it failed on
 * once more. While it is down its series raises no signals; nobody else notices.
 */
export class Analyst implements BatchHandlers<AnalystProtocol, "reload"> {
  readonly #deps: AnalystDeps;
  #runner: StrategyRunner;
  #lastOpenTime: number | undefined;
  #candles = 0;
  /** Candles whose signals have no stored verdict yet. */
  #underReview = 0;
  /** Open times of candles that are absent and may still come. */
  #missing: readonly number[] = [];

  constructor(deps: AnalystDeps) {
    this.#deps = deps;
    this.#runner = deps.createRunner();
  }

  async start(): Promise<void> {
    await this.#startAfresh();
  }

  async wake({ candle, answeredAt, afresh }: Wake): Promise<void> {
    const last = this.#lastOpenTime;
    if (last !== undefined && candle.openTime <= last) return;
    const step = timeframeMs(this.#deps.series.timeframe);
    const isNext = last !== undefined && candle.openTime === last + step;
    if (isNext && !afresh) this.#think(candle, answeredAt);
    else await this.#startAfresh({ openTime: candle.openTime, answeredAt });
  }

  /** However often it was told meanwhile, one look at the store sees all of it. */
  async reload(told: readonly unknown[]): Promise<readonly void[]> {
    await this.#startAfresh();
    return told.map(() => undefined);
  }

  arm(): { readonly candles: number; readonly warm: boolean } {
    return { candles: this.#candles, warm: this.#candles >= this.#runner.needed };
  }

  /** Takes the window from the store; a candle still owed an answer is thought about at the end. */
  async #startAfresh(woken?: { openTime: number; answeredAt: number }): Promise<void> {
    // What is in its hands or under review is no news; it stays owed for the case of a crash.
    const takesOwed = woken === undefined && this.#underReview === 0;
    const history = await this.#history(takesOwed);
    const owed = woken ?? history.owed;
    const owedCandle = history.candles.find((candle) => candle.openTime === owed?.openTime);
    const last = this.#lastOpenTime;
    const past = history.candles.filter(({ openTime }) => {
      if (owedCandle !== undefined) return openTime < owedCandle.openTime;
      // What is stored but owed to a wake that is still on its way is no past yet.
      return takesOwed || last === undefined || openTime <= last;
    });
    this.#runner = this.#deps.createRunner();
    this.#runner.load(past);
    this.#missing = history.missing;
    this.#candles = past.length;
    this.#lastOpenTime = past.at(-1)?.openTime;
    if (owed !== null && owedCandle !== undefined) this.#think(owedCandle, owed.answeredAt);
  }

  #think(candle: Candle, answeredAt: number): void {
    const { series, seriesId, clock, gatekeeper, architect, publish } = this.#deps;
    const missing = this.#missingInWindow(candle);
    const last = this.#lastOpenTime;
    const step = timeframeMs(series.timeframe);
    // Candles between that are not here are either absent at the venue or counted as missing.
    const absentBefore = last === undefined ? 0 : (candle.openTime - last) / step - 1;
    const reviews = this.#runner.advance(candle, absentBefore).map((wish) => {
      const signal = raiseSignal(series, candle, wish, missing, clock.nowMs());
      const { id: signalId, strategy, side, price } = signal;
      const { openTime } = candle;
      publish({ kind: "signal-raised", signalId, series, openTime, strategy, side, price });
      return gatekeeper.ask("review", { signal, answeredAt }, { timeoutMs: REVIEW_TIMEOUT_MS });
    });
    this.#lastOpenTime = candle.openTime;
    this.#candles = Math.min(this.#candles + 1, this.#runner.needed);
    const done = (): void => architect.tell("evaluated", { seriesId, openTime: candle.openTime });
    if (reviews.length === 0) done();
    else void this.#onceStored(reviews, done);
  }

  /** Only a stored verdict ends the matter: without it the candle stays owed, and is given again. */
  async #onceStored(reviews: readonly Promise<void>[], done: () => void): Promise<void> {
    this.#underReview += 1;
    const outcomes = await Promise.allSettled(reviews);
    this.#underReview -= 1;
    if (outcomes.every((outcome) => outcome.status === "fulfilled")) done();
  }

  #missingInWindow(candle: Candle): number {
    if (this.#missing.length === 0) return 0;
    const { series } = this.#deps;
    const oldest = candle.openTime - this.#runner.needed * timeframeMs(series.timeframe);
    this.#missing = this.#missing.filter((openTime) => openTime >= oldest);
    return this.#missing.filter((openTime) => openTime < candle.openTime).length;
  }

  #history(takesOwed: boolean): Promise<History> {
    const { architect, series, seriesId, windowLength, storeTimeoutMs } = this.#deps;
    return architect.ask(
      "history",
      { series, seriesId, limit: windowLength(), takesOwed },
      { timeoutMs: storeTimeoutMs },
    );
  }
}

/** The name of a series' analyst among its siblings. */
export function analystId(series: Series): string {
  return `analyst:${seriesKey(series)}`;
}

/** How the commander starts the analyst of one series. */
export function analystSpec(deps: AnalystDeps): LocalSpec<AnalystProtocol> {
  return {
    id: analystId(deps.series),
    topics: { wake: true, reload: true, arm: true },
    // After an outage gaps heal one by one while its window loads: each of them tells it.
    batches: { reload: CAPACITY },
    create: () => new Analyst(deps),
    mailbox: { capacity: CAPACITY, overflow: "dropOldest" },
    // Its history waits for a database that is away, and so does it.
    startTimeoutMs: deps.storeTimeoutMs,
  };
}
