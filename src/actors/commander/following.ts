import type { HubEvent } from "../../market/events.ts";
import { type Series, type SeriesKey, seriesKey } from "../../market/series.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { ActorContext, ChildSpec, Supervisor } from "../../runtime/spec.ts";
import type { AnalystProtocol } from "../analyst/protocol.ts";
import type { StoredSeries } from "../architect/protocol.ts";
import { Follower } from "./follower.ts";
import type { CommanderProtocol } from "./protocol.ts";
import { ANALYST_SHARDS, ANALYSTS, HARVESTERS, shardOf } from "./tree.ts";
import { type Venue, Venues, type VenuesDeps } from "./venues.ts";

export interface FollowingDeps extends VenuesDeps {
  readonly analyst: (series: Series, seriesId: number) => ChildSpec<AnalystProtocol>;
  /** Candles the strategies of a series need behind them. */
  readonly historyCandles: (series: Series) => number;
  /** Another text as soon as anything about the strategies of a series is different. */
  readonly strategiesOf: (series: Series) => string;
  readonly publish: (event: HubEvent) => void;
}

/**
 * The series that this hub looks after itself: an analyst for each, a harvester for each exchange.
 * Starts nothing on an exchange that another hub polls, and can let go of one at any moment.
 */
export class Following {
  readonly #deps: FollowingDeps;
  readonly #context: ActorContext<CommanderProtocol>;
  readonly #venues: Venues;
  readonly #shards: readonly Supervisor[];
  readonly #followed = new Map<SeriesKey, Follower>();
  /** What is still ending, by exchange: nothing is begun there before it is over. */
  readonly #leaving = new Map<string, Promise<unknown>>();

  constructor(deps: FollowingDeps, context: ActorContext<CommanderProtocol>) {
    this.#deps = deps;
    this.#context = context;
    this.#venues = new Venues(
      deps,
      context.supervise("harvesters", HARVESTERS),
      (exchange) => context.self.tell("harvesterStarted", { exchange }),
      (exchange, harvester) => {
        context.watch(harvester.id, () => this.#on(exchange).forEach((one) => one.disarm()));
      },
    );
    this.#shards = Array.from({ length: ANALYST_SHARDS }, (_, i) =>
      context.supervise(`analysts-${i}`, ANALYSTS),
    );
  }

  get(series: Series): Follower | undefined {
    return this.#followed.get(seriesKey(series));
  }

  /** An exchange with its harvester, opened unless it is open. */
  venue(exchange: string): Promise<Venue | undefined> {
    return this.#venues.tryOpen(exchange);
  }

  /**
   * Starts what a series needs: its exchange's harvester and its analyst. Arming is another step.
   * Undefined when the exchange is another hub's.
   */
  async follow(stored: StoredSeries): Promise<Follower | undefined> {
    const { exchange } = stored;
    await this.#leaving.get(exchange);
    const key = seriesKey(stored);
    const known = this.#followed.get(key);
    if (known !== undefined || !this.#deps.mayPoll(exchange)) return known;
    const { historyCandles, strategiesOf, machineClock } = this.#deps;
    const candles = historyCandles(stored);
    const follower = new Follower(stored, candles, strategiesOf(stored), machineClock);
    this.#followed.set(key, follower);
    const venue = await this.#venues.tryOpen(exchange);
    await this.#startAnalyst(key, follower);
    if (this.#followed.get(key) !== follower) return undefined;
    if (venue !== undefined) follower.ring(venue);
    return follower;
  }

  async unfollow(series: Series): Promise<void> {
    const key = seriesKey(series);
    this.#followed.get(key)?.leave();
    this.#followed.delete(key);
    await this.#removeAnalyst(key, "no longer followed");
  }

  /** Takes up the followers of an exchange whose harvester has started and follows nothing yet. */
  async resume(exchange: string): Promise<void> {
    const followers = this.#on(exchange);
    if (followers.length === 0) return;
    const venue = await this.#venues.tryOpen(exchange);
    if (venue === undefined) return;
    for (const follower of followers) {
      follower.ring(venue);
      follower.armLater(venue, 0);
    }
  }

  /** Has each analyst begin anew whose strategies are not what they were, with the history they need. */
  async rethink(): Promise<void> {
    const { historyCandles, strategiesOf } = this.#deps;
    const followers = [...this.#followed.values()];
    // First everybody is told; what takes its time comes after that.
    const rethinking = followers.map((follower) => {
      const { series } = follower;
      return { follower, ...follower.rethink(strategiesOf(series), historyCandles(series)) };
    });
    for (const { follower, isOther, isDeeper } of rethinking) {
      if (isOther && follower.parked) await this.#unpark(follower);
      const { exchange } = follower.series;
      const venue = isDeeper ? await this.#venues.tryOpen(exchange) : undefined;
      if (venue !== undefined) follower.armLater(venue, 0);
    }
  }

  setOffset(exchange: string, offsetMs: number): void {
    this.#venues.bell(exchange)?.setOffset(offsetMs);
  }

  /**
   * Ends everything on an exchange. Whatever was under way is cut off at once, bells first; the
   * promise is for those who want to know when the last of it is gone.
   */
  async letGo(exchange: string, why: string): Promise<void> {
    const followers = this.#on(exchange);
    for (const follower of followers) {
      follower.stop();
      this.#followed.delete(seriesKey(follower.series));
    }
    const leaving = Promise.all([
      this.#leaving.get(exchange),
      this.#venues.close(exchange, why),
      ...followers.map(({ series }) => this.#removeAnalyst(seriesKey(series), why)),
    ]);
    this.#leaving.set(exchange, leaving);
    await leaving;
  }

  stop(): void {
    this.#venues.stop();
    for (const follower of this.#followed.values()) follower.stop();
  }

  #on(exchange: string): Follower[] {
    return [...this.#followed.values()].filter(({ series }) => series.exchange === exchange);
  }

  /** An analyst that cannot even start is its own trouble: the others are started all the same. */
  async #startAnalyst(key: SeriesKey, follower: Follower): Promise<void> {
    const spec = this.#deps.analyst(follower.series, follower.stored.id);
    const isFollowed = (): boolean => this.#followed.get(key) === follower;
    try {
      if (!isFollowed()) return;
      const analyst = await this.#shards[shardOf(key)]?.spawn(spec);
      if (!isFollowed()) return await this.#removeAnalyst(key, "let go while it started");
      if (analyst === undefined) return;
      follower.analyst = analyst;
      this.#context.watch(analyst.id, () => (follower.parked = true));
    } catch (error) {
      // Cut off in its start, it has not failed; a commander that ends starts them all anew.
      if (!isFollowed() || this.#context.signal.aborted) return;
      follower.parked = true;
      const reason = `could not be started: ${messageOf(error)}`;
      this.#deps.publish({ kind: "actor-parked", actor: spec.id, reason });
    }
  }

  /** Other strategies may be those that do not fail: the analyst gets another chance. */
  async #unpark(follower: Follower): Promise<void> {
    const key = seriesKey(follower.series);
    const { analyst } = follower;
    follower.parked = false;
    if (analyst === undefined) return this.#startAnalyst(key, follower);
    try {
      await this.#shards[shardOf(key)]?.unpark(`analyst:${key}`);
      this.#context.watch(analyst.id, () => (follower.parked = true));
    } catch {
      // The kit has told of it.
      follower.parked = true;
    }
  }

  async #removeAnalyst(key: SeriesKey, why: string): Promise<void> {
    await this.#shards[shardOf(key)]?.remove(`analyst:${key}`, why);
  }
}
