import type { HubEvent } from "../../market/events.ts";
import type { Portfolio } from "../../market/portfolio.ts";
import { type Series, type SeriesKey, seriesKey } from "../../market/series.ts";
import { AskFailure } from "../../runtime/ask-failure.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { Handlers, Ref } from "../../runtime/protocol.ts";
import type { ActorContext, ChildSpec, LocalSpec, Supervisor } from "../../runtime/spec.ts";
import type { AnalystProtocol } from "../analyst/protocol.ts";
import type { ArchitectProtocol, StoredSeries } from "../architect/protocol.ts";
import { checkWish, refused } from "./check-wish.ts";
import { Follower } from "./follower.ts";
import type {
  CommanderProtocol,
  PortfolioAnswer,
  UnwatchAnswer,
  UnwatchOrder,
  WatchAnswer,
  WatchedSeries,
  WatchOrder,
} from "./protocol.ts";
import { ANALYST_SHARDS, ANALYSTS, HARVESTERS, shardOf } from "./tree.ts";
import { Venues, type VenuesDeps } from "./venues.ts";

export interface CommanderDeps extends VenuesDeps {
  readonly architect: Ref<ArchitectProtocol>;
  /** Exchanges this hub can follow. */
  readonly exchanges: readonly string[];
  readonly analyst: (series: Series, seriesId: number) => ChildSpec<AnalystProtocol>;
  /** Candles the strategies of a series need behind them. */
  readonly historyCandles: (series: Series) => number;
  /** Followed at the very first start. */
  readonly firstPortfolios: readonly Portfolio[];
  readonly publish: (event: HubEvent) => void;
}

/** The architect waits out an outage of its database; failing meanwhile would only make it worse. */
const STORE = { timeoutMs: 3_600_000 } as const;
/** Whoever looks at the list is not kept waiting. */
const LOOK = { timeoutMs: 3_000 } as const;

/**
 * Keeps the hub following what its users follow: a harvester per exchange, an analyst per series,
 * and the bell that tells each close.
 *
 * After a restart it builds all of that anew from the watchlist in the store.
 */
export class Commander implements Handlers<CommanderProtocol> {
  readonly #deps: CommanderDeps;
  readonly #context: ActorContext<CommanderProtocol>;
  readonly #venues: Venues;
  readonly #shards: readonly Supervisor[];
  readonly #followed = new Map<SeriesKey, Follower>();

  constructor(deps: CommanderDeps, context: ActorContext<CommanderProtocol>) {
    this.#deps = deps;
    this.#context = context;
    this.#venues = new Venues(deps, context.supervise("harvesters", HARVESTERS), (exchange) =>
      context.self.tell("harvesterStarted", { exchange }),
    );
    this.#shards = Array.from({ length: ANALYST_SHARDS }, (_, i) =>
      context.supervise(`analysts-${i}`, ANALYSTS),
    );
  }

  async start(): Promise<void> {
    const { architect, firstPortfolios } = this.#deps;
    if (await architect.ask("firstUse", null, STORE)) {
      for (const portfolio of firstPortfolios) {
        await architect.ask("savePortfolio", { portfolio, by: "first start" }, STORE);
      }
    }
    const watched = await architect.ask("watched", null, STORE);
    // Arming follows when each harvester tells that it has started.
    await Promise.all(watched.map((series) => this.#follow(series)));
  }

  stop(): void {
    this.#venues.stop();
    for (const follower of this.#followed.values()) follower.stop();
  }

  async watch(order: WatchOrder): Promise<WatchAnswer> {
    const { architect, exchanges, machineClock } = this.#deps;
    const startedAt = machineClock.monotonicMs();
    const series = checkWish(order, exchanges);
    if ("kind" in series) return series;
    const traded = await this.#venues.checkPair(series);
    if (traded.kind === "not-traded") {
      const message = `${series.exchange} does not trade ${series.pair}`;
      return refused("pair", message, traded.similar);
    }
    const { portfolio, by } = order;
    const { series: stored, added } = await architect.ask(
      "addSeries",
      { series, portfolio, by },
      STORE,
    );
    if (!added && this.#followed.has(seriesKey(series))) return { kind: "already-watched", series };
    const follower = await this.#follow(stored);
    const venue = await this.#venues.tryOpen(series.exchange);
    const waiting = venue === undefined ? "cannot be opened yet" : await follower.arm(venue);
    if (waiting !== undefined) return { kind: "arming", series, reason: waiting };
    return { kind: "added", series, armedInMs: machineClock.monotonicMs() - startedAt };
  }

  async unwatch(order: UnwatchOrder): Promise<UnwatchAnswer> {
    const series = checkWish(order, this.#deps.exchanges);
    if ("kind" in series) return series;
    const change = { series, by: order.by };
    const removed = await this.#deps.architect.ask("removeSeries", change, STORE);
    await this.#unfollow(series);
    return removed ? { kind: "removed", series } : { kind: "not-watched" };
  }

  async savePortfolio(change: { portfolio: Portfolio; by: string }): Promise<PortfolioAnswer> {
    const { architect, exchanges } = this.#deps;
    const checked = new Map<SeriesKey, Series>();
    for (const wish of change.portfolio.series) {
      const series = checkWish(wish, exchanges);
      if ("kind" in series) return series;
      checked.set(seriesKey(series), series);
    }
    const portfolio = { name: change.portfolio.name, series: [...checked.values()] };
    await architect.ask("savePortfolio", { portfolio, by: change.by }, STORE);
    const watched = await architect.ask("watched", null, STORE);
    const wanted = new Set(watched.map(seriesKey));
    for (const [key, follower] of this.#followed) {
      if (!wanted.has(key)) await this.#unfollow(follower.series);
    }
    const joining = watched.filter((series) => !this.#followed.has(seriesKey(series)));
    for (const series of joining) {
      const follower = await this.#follow(series);
      const venue = await this.#venues.tryOpen(series.exchange);
      if (venue !== undefined) follower.armLater(venue, 0);
    }
    return { kind: "saved", portfolio };
  }

  async harvesterStarted({ exchange }: { readonly exchange: string }): Promise<void> {
    const followers = [...this.#followed.values()].filter((f) => f.series.exchange === exchange);
    if (followers.length === 0) return;
    const venue = await this.#venues.tryOpen(exchange);
    if (venue === undefined) return;
    for (const follower of followers) {
      follower.ring(venue);
      follower.armLater(venue, 0);
    }
  }

  clockMeasured(measured: { readonly exchange: string; readonly offsetMs: number }): void {
    this.#venues.bell(measured.exchange)?.setOffset(measured.offsetMs);
  }

  fact(event: HubEvent): void {
    this.#deps.publish(event);
  }

  async watchlist(): Promise<readonly WatchedSeries[]> {
    const watched = await this.#watched();
    return watched.map(({ exchange, pair, timeframe, newestOpenTime }) => {
      const follower = this.#followed.get(seriesKey({ exchange, pair, timeframe }));
      return { exchange, pair, timeframe, newestOpenTime, state: follower?.state ?? "arming" };
    });
  }

  /** The list as it is stored, or without the database as it is remembered. */
  async #watched(): Promise<readonly StoredSeries[]> {
    try {
      return await this.#deps.architect.ask("watched", null, LOOK);
    } catch (error) {
      if (!(error instanceof AskFailure)) throw error;
      return [...this.#followed.values()].map((follower) => follower.stored);
    }
  }

  /** Starts what a series needs: its exchange's harvester and its analyst. Arming is another step. */
  async #follow(stored: StoredSeries): Promise<Follower> {
    const key = seriesKey(stored);
    const known = this.#followed.get(key);
    if (known !== undefined) return known;
    const candles = this.#deps.historyCandles(stored);
    const follower = new Follower(stored, candles, this.#deps.machineClock);
    this.#followed.set(key, follower);
    const venue = await this.#venues.tryOpen(stored.exchange);
    await this.#startAnalyst(key, follower);
    if (venue !== undefined) follower.ring(venue);
    return follower;
  }

  /** An analyst that cannot even start is its own trouble: the others are started all the same. */
  async #startAnalyst(key: SeriesKey, follower: Follower): Promise<void> {
    const spec = this.#deps.analyst(follower.series, follower.stored.id);
    try {
      const analyst = await this.#shards[shardOf(key)]?.spawn(spec);
      if (analyst === undefined) return;
      follower.analyst = analyst;
      this.#context.watch(analyst.id, () => (follower.parked = true));
    } catch (error) {
      follower.parked = true;
      const reason = `could not be started: ${messageOf(error)}`;
      this.#deps.publish({ kind: "actor-parked", actor: spec.id, reason });
    }
  }

  async #unfollow(series: Series): Promise<void> {
    const key = seriesKey(series);
    const follower = this.#followed.get(key);
    if (follower === undefined) return;
    this.#followed.delete(key);
    const { exchange } = follower.series;
    follower.leave();
    await this.#shards[shardOf(key)]?.remove(`analyst:${key}`, "no longer followed");
    const isLast = [...this.#followed.values()].every((f) => f.series.exchange !== exchange);
    if (isLast) await this.#venues.close(exchange);
  }
}

/** How the system starts the commander. */
export function commanderSpec(deps: CommanderDeps): LocalSpec<CommanderProtocol> {
  return {
    id: "commander",
    topics: {
      watch: true,
      unwatch: true,
      savePortfolio: true,
      harvesterStarted: true,
      clockMeasured: true,
      fact: true,
      watchlist: true,
    },
    // Looking at the list must not wait for a pair that is being added.
    concurrent: { watchlist: true },
    create: (context) => new Commander(deps, context),
    mailbox: { capacity: 1_000, overflow: "reject" },
    // It starts one analyst per series, each with its history.
    startTimeoutMs: 180_000,
    stopTimeoutMs: 30_000,
  };
}
