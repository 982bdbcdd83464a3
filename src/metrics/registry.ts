import { collectDefaultMetrics, Registry } from "prom-client";
import type { Recorded } from "../market/events.ts";
import type { Halt } from "../market/halt.ts";
import type { Liveness } from "../market/liveness.ts";
import type { Portfolio } from "../market/portfolio.ts";
import type { Series } from "../market/series.ts";
import type { Clock } from "../runtime/clock.ts";
import type { ActorNode, KitEvent, ProcessFigures } from "../runtime/spec.ts";
import type { PoolFigures } from "../store/port.ts";
import type { StoreFigures } from "../store/upkeep-port.ts";
import type { ConfigurationFigures } from "./configuration.ts";
import { expositionOf } from "./exposition.ts";
import { feed, know, knowPortfolios } from "./feed.ts";
import { type Groups, makeGroups } from "./groups.ts";
import type { Holding } from "./holdings.ts";
import { type HttpMetrics, httpMetrics } from "./http.ts";
import type { LeaseStanding } from "./leases.ts";
import { Maker } from "./make.ts";
import type { NotificationMetrics } from "./notifications.ts";
import type { AccountFigures } from "./portfolio.ts";
import type { LentSecret, SecretMetrics } from "./secrets.ts";
import type { StoreCall } from "./store.ts";

export interface MetricsOptions {
  /** The hub's clock: ages are measured on it. */
  readonly clock: Clock;
  /** Times what the machine does: scrapes, processes. */
  readonly machineClock: Clock;
  readonly version: string;
  readonly commit: string;
  /** Known strategies and check names: their counters start at zero. */
  readonly strategies: readonly string[];
  readonly checks: readonly string[];
  /** Paths of the actors that may ask for secrets. */
  readonly askers: readonly string[];
}

/** Everything that Prometheus reads of this hub. */
export interface Metrics {
  readonly http: HttpMetrics;
  /** How quick the vault is, and what is written into its ledger. */
  readonly secrets: Pick<SecretMetrics, "know" | "asked" | "written">;
  /** What becomes of what people are told. */
  readonly notifications: NotificationMetrics;
  onHubEvent(recorded: Recorded): void;
  /** Cheap: the kit reports every message. */
  onKitEvent(event: KitEvent): void;
  onTree(root: ActorNode): void;
  onStoreCall(call: StoreCall): void;
  setStoreState(state: "ok" | "offline"): void;
  setStoreSize(figures: StoreFigures): void;
  setPool(figures: PoolFigures): void;
  setAccount(figures: AccountFigures): void;
  setHoldings(positions: readonly Holding[], working: readonly Holding[]): void;
  /** What was due and what was done. */
  setLiveness(liveness: Pick<Liveness, "due" | "late">): void;
  /** Every halt that stands. */
  setHalts(halts: readonly Halt[]): void;
  /** Gaps that were open before this start. */
  setOpenGaps(gaps: readonly (Series & { readonly openTime: number })[]): void;
  setPortfolios(portfolios: readonly Portfolio[]): void;
  /** Every lease that the hub wants, as things stand now. */
  setLeases(standings: readonly LeaseStanding[]): void;
  /** Which configurations run, as things stand now. */
  setConfiguration(figures: ConfigurationFigures): void;
  /** @param state offsetMs is exchange time minus hub time. */
  setExchange(exchange: string, state: { budgetLeft?: number; offsetMs?: number }): void;
  /** What the hub's own process uses. */
  setProcess(figures: ProcessFigures): void;
  /** Every secret that is lent. */
  setLentSecrets(secrets: readonly LentSecret[]): void;
  /** Runs before each scrape: where figures are read rather than told. A throw is passed over. */
  beforeScrape(callback: () => void): void;
  readonly contentType: string;
  text(): Promise<string>;
}

/** Makes metrics of its own, with every known label combination at zero. */
export function createMetrics(options: MetricsOptions): Metrics {
  const make = new Maker();
  const groups = makeGroups(make, options);
  buildInfo(make, options);
  const http = httpMetrics(make);
  // What the library adds has names of its own making: it stands apart from what is ours to keep.
  const library = new Registry();
  collectDefaultMetrics({ register: library });
  const readers: (() => void)[] = [];
  return {
    ...setters(groups, options),
    http,
    secrets: groups.secrets,
    notifications: groups.notifications,
    contentType: library.contentType,
    beforeScrape: (callback) => {
      readers.push(callback);
    },
    text: async () => {
      const startedAt = options.machineClock.monotonicMs();
      for (const read of [...readers, ...ownReaders(groups)]) runSafely(read);
      const text = `${await expositionOf(make.made)}${await library.metrics()}`;
      groups.clock.scraped(options.machineClock.monotonicMs() - startedAt);
      return text;
    },
  };
}

/** The ways by which figures come in. */
function setters(
  groups: Groups,
  { checks }: MetricsOptions,
): Omit<Metrics, "http" | "secrets" | "notifications" | "contentType" | "beforeScrape" | "text"> {
  return {
    onHubEvent: (recorded) => feed(groups, recorded),
    onKitEvent: (event) => {
      groups.actors.onKitEvent(event);
      groups.processes.onKitEvent(event);
    },
    onTree: (root) => groups.actors.onTree(root),
    onStoreCall: (call) => groups.store.called(call),
    setStoreState: (state) => groups.store.changed(state),
    setStoreSize: (figures) => groups.store.sized(figures),
    setPool: (figures) => groups.store.pooled(figures),
    setAccount: (figures) => groups.portfolio.set(figures),
    setHoldings: (positions, working) => groups.holdings.set(positions, working),
    setLiveness: (liveness) => groups.watched.live(liveness),
    setHalts: (halts) => groups.portfolio.halted(halts),
    setOpenGaps: (gaps) => {
      for (const gap of gaps) {
        know(groups, gap);
        groups.gaps.found(gap, gap.openTime);
      }
    },
    setPortfolios: (portfolios) => knowPortfolios(groups, portfolios, checks),
    setLeases: (standings) => groups.leases.set(standings),
    setConfiguration: (figures) => groups.configuration.set(figures),
    setExchange: (exchange, state) => groups.polls.exchange(exchange, state),
    setProcess: (figures) => groups.processes.main(figures),
    setLentSecrets: (secrets) => groups.secrets.lent(secrets),
  };
}

/** What the groups themselves read at each scrape. */
function ownReaders({ clock, orders, processes }: Groups): readonly (() => void)[] {
  return [() => clock.beforeScrape(), () => orders.beforeScrape(), () => processes.beforeScrape()];
}

function buildInfo(make: Maker, { version, commit }: MetricsOptions): void {
  const names = ["version", "commit", "node"] as const;
  const info = make.gauge("engine_build_info", "Always 1; the labels tell what runs", names);
  info.set({ version, commit, node: process.version }, 1);
}

/** One source that fails must not take the whole scrape with it. */
function runSafely(read: () => void): void {
  try {
    read();
  } catch {
    // Its figures keep their last values.
  }
}
