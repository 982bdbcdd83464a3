import { ClockKeeper } from "../../exchanges/clock-keeper.ts";
import { ExchangeFailure } from "../../exchanges/errors.ts";
import { type Series, type SeriesKey, seriesKey } from "../../market/series.ts";
import { closeTimeOf, lastClosedOpenTime, timeframeMs } from "../../market/timeframe.ts";
import { AskFailure } from "../../runtime/ask-failure.ts";
import { defaults } from "../../runtime/defaults.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { Handlers, Ref } from "../../runtime/protocol.ts";
import type { ActorContext, ForkedSpec, LocalSpec } from "../../runtime/spec.ts";
import type { StepWatch } from "../../runtime/step-watch.ts";
import type { CommanderProtocol } from "../commander/protocol.ts";
import { firstLoad } from "./first-load.ts";
import { Followed } from "./followed.ts";
import { isTraded } from "./is-traded.ts";
import { Outbox } from "./outbox.ts";
import type { CloseNotice, FollowAnswer, FollowOrder, HarvesterProtocol } from "./protocol.ts";
import { NEXT_CLOSE, type PursuitDeps, pursue, TOLD_TOO_EARLY } from "./pursuit.ts";

export interface HarvesterDeps extends PursuitDeps {
  /** Storing may wait for a database that is away. */
  readonly storeTimeoutMs: number;
  readonly commander: () => Ref<CommanderProtocol> | undefined;
  readonly steps: Pick<StepWatch, "onStep">;
  /** For a harvester that was lent its secrets by itself: told which of them has changed. */
  readonly onRevoked?: (secret: string) => void;
}

/**
 * Stands for one exchange: brings the history of each followed series into the store, and after each
 * close the candle that has just closed.
 *
 * Follows nothing at its start and after a restart, until the commander tells it again. While it is
 * down no candle of its exchange arrives; each later poll reaches back to the newest stored one.
 */
export class Harvester implements Handlers<HarvesterProtocol> {
  readonly #deps: HarvesterDeps;
  readonly #context: ActorContext<HarvesterProtocol>;
  readonly #followed = new Map<SeriesKey, Followed>();
  readonly #clockKeeper: ClockKeeper;

  constructor(deps: HarvesterDeps, context: ActorContext<HarvesterProtocol>) {
    this.#deps = deps;
    this.#context = context;
    this.#clockKeeper = new ClockKeeper({
      clock: deps.clock,
      steps: deps.steps,
      measure: () => this.#measureClock(),
      onError: (error) => this.#fail(error),
    });
  }

  start(): void {
    this.#deps.commander()?.tell("harvesterStarted", { exchange: this.#deps.market.exchange });
    this.#clockKeeper.start();
  }

  stop(): void {
    this.#clockKeeper.stop();
    for (const followed of this.#followed.values()) followed.end();
  }

  async follow(order: FollowOrder): Promise<FollowAnswer> {
    const key = seriesKey(order.series);
    let followed = this.#followed.get(key);
    if (followed === undefined || followed.candles < order.candles) {
      followed?.end();
      followed = new Followed(order.series, order.seriesId, order.candles, this.#outbox());
      this.#followed.set(key, followed);
    }
    try {
      followed.loading ??= firstLoad(this.#loadDeps(), followed);
      const candles = await followed.loading;
      if (followed.isOver) return { kind: "waiting", reason: "no longer followed" };
      this.#catchUp(followed);
      return { kind: "ready", candles };
    } catch (error) {
      // What is known of the store stays: a candle that is pursued meanwhile is asked for from there
      // on, and one that was taken for the first would leave a hole that nobody ever finds.
      followed.loading = undefined;
      if (!(error instanceof ExchangeFailure || error instanceof AskFailure)) throw error;
      return { kind: "waiting", reason: messageOf(error) };
    }
  }

  forget(series: Series): void {
    const key = seriesKey(series);
    this.#followed.get(key)?.end();
    this.#followed.delete(key);
  }

  closed(notice: CloseNotice): void {
    const expected = notice.closeTime - timeframeMs(notice.timeframe);
    const held = new Set(notice.heldPairs);
    for (const followed of this.#followed.values()) {
      if (followed.series.timeframe !== notice.timeframe) continue;
      this.#pursue(followed, expected, held.has(followed.series.pair));
    }
  }

  revoked({ secret }: { readonly secret: string }): void {
    this.#deps.onRevoked?.(secret);
  }

  #pursue(followed: Followed, expected: number, held: boolean): void {
    // Still loading: the load itself goes up to the last close, and what follows is caught up.
    if (followed.newest === undefined || expected <= followed.newest) return;
    // Told twice of one close, as after catching up, or of an earlier one: it is pursued already.
    const isEarlier = followed.pursued !== undefined && expected <= followed.pursued;
    const wasTooEarly = isEarlier && expected !== followed.pursued && this.#isToCome(followed);
    if (isEarlier && !wasTooEarly) return;
    // Nothing was traded meanwhile. What is still pursued of the time before is pursued on.
    if (!isTraded(this.#deps.market, followed.series)(expected)) return;
    followed.pursuit?.abort(wasTooEarly ? TOLD_TOO_EARLY : NEXT_CLOSE);
    const pursuit = new AbortController();
    followed.pursuit = pursuit;
    followed.pursued = expected;
    this.#spawn(pursue(this.#deps, followed, expected, held, pursuit.signal));
  }

  /** Whether the candle pursued last has yet to close: its close was told by a clock that was ahead. */
  #isToCome({ series, pursued }: Followed): boolean {
    const { market } = this.#deps;
    return pursued !== undefined && closeTimeOf(series.timeframe, pursued) > market.exchangeNowMs();
  }

  /** A candle may have closed while the history was loading. */
  #catchUp(followed: Followed): void {
    const { timeframe } = followed.series;
    this.#pursue(followed, lastClosedOpenTime(timeframe, this.#deps.market.exchangeNowMs()), false);
  }

  async #measureClock(): Promise<number | undefined> {
    const { market, commander } = this.#deps;
    try {
      const offsetMs = await market.measureClock();
      commander()?.tell("clockMeasured", { exchange: market.exchange, offsetMs });
      return offsetMs;
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      return undefined;
    }
  }

  #outbox(): Outbox {
    const { architect, storeTimeoutMs: timeoutMs } = this.#deps;
    return new Outbox((batch) => architect.ask("saveCandles", batch, { timeoutMs }));
  }

  #loadDeps(): Parameters<typeof firstLoad>[0] {
    const { market, architect, clock, machineClock, storeTimeoutMs } = this.#deps;
    return {
      market,
      architect,
      nowMs: () => clock.nowMs(),
      machineNowMs: () => machineClock.nowMs(),
      storeTimeoutMs,
    };
  }

  /** Work beside the mailbox: what it did not foresee fails the actor, as in a handler. */
  #spawn(work: Promise<void>): void {
    work.catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (!this.#context.signal.aborted) this.#context.fail(error);
  }
}

/** What every spec of a harvester says, wherever it runs. */
const COMMON = {
  topics: { follow: true, forget: true, closed: true, revoked: true },
  // Loads wait for the exchange; closes must not wait for them.
  concurrent: { follow: true },
  // One message per followed series when all are told at once.
  mailbox: { capacity: 20_000, overflow: "reject" },
  startTimeoutMs: 30_000,
} as const;

/**
 * How the commander starts the harvester of one exchange in this process.
 * @param open makes what it stands on; called at each start, since an exchange may have to be opened.
 */
export function harvesterSpec(
  exchange: string,
  open: () => Promise<HarvesterDeps>,
): LocalSpec<HarvesterProtocol> {
  const create = async (context: ActorContext<HarvesterProtocol>): Promise<Harvester> =>
    new Harvester(await open(), context);
  return { ...COMMON, id: `harvester:${exchange}`, create };
}

/**
 * How it is started in a process of its own, by a module that makes the same there.
 * @param silenceMs how long that process may leave a heartbeat unanswered.
 */
export function forkedHarvesterSpec(
  exchange: string,
  module: URL,
  params: unknown,
  silenceMs: number,
): ForkedSpec<HarvesterProtocol> {
  const heartbeat = { ...defaults.heartbeat, timeoutMs: silenceMs };
  return { ...COMMON, id: `harvester:${exchange}`, mode: "forked", module, params, heartbeat };
}
