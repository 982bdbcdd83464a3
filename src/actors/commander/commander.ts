import type { MarketData } from "../../exchanges/port.ts";
import type { HubEvent } from "../../market/events.ts";
import type { Portfolio } from "../../market/portfolio.ts";
import type { Series } from "../../market/series.ts";
import { AskFailure } from "../../runtime/ask-failure.ts";
import type { Handlers, Ref } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import type { Leases } from "../../store/lease-port.ts";
import type { ArchitectProtocol, StoredSeries } from "../architect/protocol.ts";
import { checkWish, checkWishes } from "./check-wish.ts";
import { Duties } from "./duties.ts";
import { Following, type FollowingDeps } from "./following.ts";
import { ListWatch } from "./list-watch.ts";
import type {
  CommanderProtocol,
  Joined,
  Joining,
  PortfolioAnswer,
  UnwatchAnswer,
  UnwatchOrder,
  WatchAnswer,
  WatchedSeries,
  WatchOrder,
} from "./protocol.ts";
import { bare, StoredList } from "./stored-list.ts";
import { welcome } from "./welcome.ts";

export interface CommanderDeps extends Omit<FollowingDeps, "mayPoll"> {
  readonly architect: Ref<ArchitectProtocol>;
  /** Exchanges this hub can follow. */
  readonly exchanges: readonly string[];
  /** Opens an exchange to ask it something; undefined for one that the hub does not know. */
  readonly reach: (exchange: string) => Promise<MarketData | undefined>;
  /** Whoever holds the lease of an exchange polls it; others stand by. */
  readonly leases: Leases;
  /** Followed at the very first start. */
  readonly firstPortfolios: readonly Portfolio[];
}

/** The architect waits out an outage of its database; failing meanwhile would only make it worse. */
const STORE = { timeoutMs: 86_400_000 } as const;
/** Whoever looks at the list is not kept waiting. */
const LOOK = { timeoutMs: 3_000 } as const;

/**
 * Keeps the hub following what its users follow: a harvester per exchange, an analyst per series,
 * and the bell that tells each close; on those exchanges whose lease this hub holds. For the others
 * it stands by: it knows the list, and takes up their series the moment it gains the lease.
 *
 * After a restart it builds all of that anew from the watchlist in the store.
 */
export class Commander implements Handlers<CommanderProtocol> {
  readonly #deps: CommanderDeps;
  readonly #self: Ref<CommanderProtocol>;
  readonly #following: Following;
  readonly #list: ListWatch;
  readonly #stored = new StoredList();
  readonly #duties: Duties;

  constructor(deps: CommanderDeps, context: ActorContext<CommanderProtocol>) {
    this.#deps = deps;
    this.#self = context.self;
    const mayPoll = (exchange: string): boolean => this.#duties.holds(exchange);
    this.#following = new Following({ ...deps, mayPoll }, context);
    this.#duties = new Duties({
      leases: deps.leases,
      following: this.#following,
      takeUp: (exchange) => deps.architect.ask("takeUp", { exchange }, STORE),
      onChange: (exchange) => context.self.tell("leaseChanged", { exchange }),
      onFailure: (error) => context.fail(error),
    });
    this.#list = new ListWatch({
      machineClock: deps.machineClock,
      revision: () => deps.architect.ask("watchRevision", null, STORE),
      onChange: () => context.self.tell("listChanged", null),
      onFailure: (error) => context.fail(error),
    });
  }

  async start(): Promise<void> {
    const { architect, firstPortfolios } = this.#deps;
    this.#duties.start();
    if (await architect.ask("firstUse", null, STORE)) {
      for (const portfolio of firstPortfolios) {
        await architect.ask("savePortfolio", { portfolio, by: "first start" }, STORE);
      }
    }
    await this.#list.start();
    const watched = await architect.ask("watched", null, STORE);
    for (const series of watched) this.#stored.add(series);
    // Arming follows when each harvester tells that it has started.
    const exchanges = new Set(watched.map((series) => series.exchange));
    await Promise.all([...exchanges].map((exchange) => this.#duties.use(exchange)));
  }

  stop(): void {
    this.#duties.stop();
    this.#list.stop();
    this.#following.stop();
  }

  watch(order: WatchOrder): Promise<WatchAnswer> {
    const { exchanges, reach, machineClock } = this.#deps;
    const join = (joining: Joining): Promise<Joined> => this.#self.ask("join", joining, STORE);
    return welcome({ exchanges, reach, machineClock, following: this.#following, join }, order);
  }

  async join(joining: Joining): Promise<Joined> {
    const { exchange } = joining.series;
    const { series, added } = await this.#deps.architect.ask("addSeries", joining, STORE);
    this.#stored.add(series);
    const isFollowed = this.#following.get(joining.series) !== undefined;
    await this.#duties.use(exchange);
    const wasThere = !added && (isFollowed || !this.#duties.holds(exchange));
    const isOurs = wasThere ? isFollowed : (await this.#following.follow(series)) !== undefined;
    return { wasThere, isOurs };
  }

  async unwatch(order: UnwatchOrder): Promise<UnwatchAnswer> {
    const series = checkWish(order, this.#deps.exchanges);
    if ("kind" in series) return series;
    const change = { series, by: order.by };
    const removed = await this.#deps.architect.ask("removeSeries", change, STORE);
    await this.#drop(series);
    return removed ? { kind: "removed", series } : { kind: "not-watched" };
  }

  async savePortfolio(change: { portfolio: Portfolio; by: string }): Promise<PortfolioAnswer> {
    const { architect, exchanges } = this.#deps;
    const checked = checkWishes(change.portfolio.series, exchanges);
    if ("kind" in checked) return checked;
    const portfolio = { name: change.portfolio.name, series: checked };
    await architect.ask("savePortfolio", { portfolio, by: change.by }, STORE);
    await this.#reconcile();
    return { kind: "saved", portfolio };
  }

  async harvesterStarted({ exchange }: { readonly exchange: string }): Promise<void> {
    await this.#following.resume(exchange);
  }

  clockMeasured(measured: { readonly exchange: string; readonly offsetMs: number }): void {
    this.#following.setOffset(measured.exchange, measured.offsetMs);
  }

  async leaseChanged({ exchange }: { readonly exchange: string }): Promise<void> {
    await this.#duties.follow(exchange);
  }

  async listChanged(): Promise<void> {
    const { publish } = this.#deps;
    const { joined, left } = await this.#reconcile();
    for (const series of joined) publish({ kind: "series-added", series });
    for (const series of left) publish({ kind: "series-removed", series });
    publish({ kind: "watchlist-changed" });
  }

  async strategiesChanged(): Promise<void> {
    await this.#following.rethink();
  }

  fact(event: HubEvent): void {
    this.#deps.publish(event);
  }

  async watchlist(): Promise<readonly WatchedSeries[]> {
    const watched = await this.#watched();
    return watched.map(({ exchange, pair, timeframe, newestOpenTime }) => {
      const follower = this.#following.get({ exchange, pair, timeframe });
      const otherwise = this.#duties.holds(exchange) ? "arming" : "standby";
      return { exchange, pair, timeframe, newestOpenTime, state: follower?.state ?? otherwise };
    });
  }

  /** The list as it is stored, or without the database as it is remembered. */
  async #watched(): Promise<readonly StoredSeries[]> {
    try {
      return await this.#deps.architect.ask("watched", null, LOOK);
    } catch (error) {
      if (!(error instanceof AskFailure)) throw error;
      return this.#stored.all();
    }
  }

  /** Follows what the store says, and nothing else; answers what that changed. */
  async #reconcile(): Promise<{ joined: readonly Series[]; left: readonly Series[] }> {
    const watched = await this.#deps.architect.ask("watched", null, STORE);
    const { joined, left } = this.#stored.against(watched);
    for (const series of left) await this.#drop(series);
    for (const series of joined) {
      this.#stored.add(series);
      await this.#duties.use(series.exchange);
      const follower = await this.#following.follow(series);
      const venue = await this.#following.venue(series.exchange);
      if (venue !== undefined) follower?.armLater(venue, 0);
    }
    return { joined: joined.map(bare), left: left.map(bare) };
  }

  /** Stops following a series, and with the last one of an exchange leaves that to others. */
  async #drop(series: Series): Promise<void> {
    const { exchange } = series;
    this.#stored.delete(series);
    await this.#following.unfollow(series);
    if (!this.#stored.names(exchange)) await this.#duties.leave(exchange);
  }
}

/** How the system starts the commander. */
export function commanderSpec(deps: CommanderDeps): LocalSpec<CommanderProtocol> {
  return {
    id: "commander",
    topics: {
      watch: true,
      join: true,
      unwatch: true,
      savePortfolio: true,
      harvesterStarted: true,
      clockMeasured: true,
      leaseChanged: true,
      listChanged: true,
      strategiesChanged: true,
      fact: true,
      watchlist: true,
    },
    // What waits for an exchange, or must not wait for anything.
    concurrent: { watch: true, watchlist: true },
    create: (context) => new Commander(deps, context),
    mailbox: { capacity: 1_000, overflow: "reject" },
    // It starts one analyst per series, each with its history.
    startTimeoutMs: 180_000,
    stopTimeoutMs: 30_000,
  };
}
