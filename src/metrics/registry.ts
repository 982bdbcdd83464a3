import { collectDefaultMetrics, Registry } from "prom-client";
import type { Recorded } from "../market/events.ts";
import type { Portfolio } from "../market/portfolio.ts";
import { assetsOf, type Series } from "../market/series.ts";
import type { Clock } from "../runtime/clock.ts";
import type { ActorNode, KitEvent } from "../runtime/spec.ts";
import type { StoreFigures } from "../store/upkeep-port.ts";
import { ActorMetrics } from "./actors.ts";
import { CandleMetrics } from "./candles.ts";
import { type ConfigurationFigures, ConfigurationMetrics } from "./configuration.ts";
import { DecisionMetrics } from "./decisions.ts";
import { feed, type Groups, know } from "./feed.ts";
import { GapMetrics } from "./gaps.ts";
import { type HttpMetrics, httpMetrics } from "./http.ts";
import { LeaseMetrics, type LeaseStanding } from "./leases.ts";
import { Maker } from "./make.ts";
import { OrderMetrics } from "./orders.ts";
import { Ownership } from "./ownership.ts";
import { PollMetrics } from "./polls.ts";
import { type AccountFigures, PortfolioMetrics } from "./portfolio.ts";
import { type StoreCall, StoreMetrics } from "./store.ts";
import { VaultMetrics } from "./vault.ts";

export interface MetricsOptions {
  /** The hub's clock: ages are measured on it. */
  readonly clock: Clock;
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
  onHubEvent(recorded: Recorded): void;
  /** Cheap: the kit reports every message. */
  onKitEvent(event: KitEvent): void;
  onTree(root: ActorNode): void;
  onStoreCall(call: StoreCall): void;
  setStoreState(state: "ok" | "offline"): void;
  setStoreSize(figures: StoreFigures): void;
  setAccount(figures: AccountFigures): void;
  setHalted(halt: { readonly by: string } | null): void;
  /** Gaps that were open before this start. */
  setOpenGaps(gaps: readonly (Series & { readonly openTime: number })[]): void;
  setPortfolios(portfolios: readonly Portfolio[]): void;
  /** Every lease that the hub wants, as things stand now. */
  setLeases(standings: readonly LeaseStanding[]): void;
  /** Which configurations run, as things stand now. */
  setConfiguration(figures: ConfigurationFigures): void;
  /** @param state offsetMs is exchange time minus hub time. */
  setExchange(exchange: string, state: { budgetLeft?: number; offsetMs?: number }): void;
  /** Runs before each scrape: where figures are read rather than told. A throw is passed over. */
  beforeScrape(callback: () => void): void;
  readonly contentType: string;
  text(): Promise<string>;
}

/** Makes a registry of its own, with every known label combination at zero. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const make = new Maker(registry);
  const groups: Groups = {
    candles: new CandleMetrics(make),
    gaps: new GapMetrics(make),
    polls: new PollMetrics(make),
    decisions: new DecisionMetrics(make, options.strategies),
    orders: new OrderMetrics(make, options.clock),
    portfolio: new PortfolioMetrics(make),
    ownership: new Ownership(),
    store: new StoreMetrics(make),
    vault: new VaultMetrics(make, options.askers),
  };
  const actors = new ActorMetrics(make);
  const leases = new LeaseMetrics(make);
  const configuration = new ConfigurationMetrics(make);
  buildInfo(make, options);
  const http = httpMetrics(make);
  collectDefaultMetrics({ register: registry });
  const readers: (() => void)[] = [() => groups.orders.beforeScrape()];
  return {
    http,
    contentType: registry.contentType,
    onHubEvent: (recorded) => feed(groups, recorded),
    onKitEvent: (event) => actors.onKitEvent(event),
    onTree: (root) => actors.onTree(root),
    onStoreCall: (call) => groups.store.called(call),
    setStoreState: (state) => groups.store.changed(state),
    setStoreSize: (figures) => groups.store.sized(figures),
    setAccount: (figures) => groups.portfolio.set(figures),
    setHalted: (halt) => groups.portfolio.halted(halt),
    setOpenGaps: (gaps) => {
      for (const gap of gaps) {
        know(groups, gap);
        groups.gaps.opened(gap, gap.openTime);
      }
    },
    setPortfolios: (portfolios) => setPortfolios(groups, portfolios, options.checks),
    setLeases: (standings) => leases.set(standings),
    setConfiguration: (figures) => configuration.set(figures),
    setExchange: (exchange, state) => groups.polls.exchange(exchange, state),
    beforeScrape: (callback) => {
      readers.push(callback);
    },
    text: () => {
      readers.forEach(runSafely);
      return registry.metrics();
    },
  };
}

function setPortfolios(
  groups: Groups,
  portfolios: readonly Portfolio[],
  checks: readonly string[],
): void {
  groups.ownership.set(portfolios);
  for (const { name, series } of portfolios) {
    groups.decisions.know(name, checks);
    for (const one of series) {
      know(groups, one);
      groups.orders.know(one.exchange, name, assetsOf(one.pair).quote);
    }
  }
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
