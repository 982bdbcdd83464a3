import type { Clock } from "../runtime/clock.ts";
import { ActorMetrics } from "./actors.ts";
import { CandleMetrics } from "./candles.ts";
import { ClockMetrics } from "./clock.ts";
import { ConfigurationMetrics } from "./configuration.ts";
import { DecisionMetrics } from "./decisions.ts";
import { FillMetrics } from "./fills.ts";
import { GapMetrics } from "./gaps.ts";
import { HoldingMetrics } from "./holdings.ts";
import { LeaseMetrics } from "./leases.ts";
import type { Maker } from "./make.ts";
import { NotificationMetrics } from "./notifications.ts";
import { OrderMetrics } from "./orders.ts";
import { Ownership } from "./ownership.ts";
import { PollMetrics } from "./polls.ts";
import { PortfolioMetrics } from "./portfolio.ts";
import { ProcessMetrics } from "./processes.ts";
import { SecretMetrics } from "./secrets.ts";
import { StoreMetrics } from "./store.ts";
import { VaultMetrics } from "./vault.ts";
import { WatchedMetrics } from "./watched.ts";

/** The metrics of the hub by what they are about; one file each. */
export type Groups = ReturnType<typeof makeGroups>;

export function makeGroups(
  make: Maker,
  options: {
    readonly clock: Clock;
    readonly machineClock: Clock;
    readonly strategies: readonly string[];
    readonly askers: readonly string[];
  },
) {
  return {
    candles: new CandleMetrics(make),
    watched: new WatchedMetrics(make),
    gaps: new GapMetrics(make),
    polls: new PollMetrics(make),
    decisions: new DecisionMetrics(make, options.strategies),
    orders: new OrderMetrics(make, options.clock),
    fills: new FillMetrics(make),
    holdings: new HoldingMetrics(make),
    portfolio: new PortfolioMetrics(make),
    ownership: new Ownership(),
    store: new StoreMetrics(make),
    vault: new VaultMetrics(make, options.askers),
    secrets: new SecretMetrics(make, options.machineClock),
    actors: new ActorMetrics(make),
    processes: new ProcessMetrics(make, options.machineClock),
    notifications: new NotificationMetrics(make),
    leases: new LeaseMetrics(make),
    configuration: new ConfigurationMetrics(make),
    clock: new ClockMetrics(make, options.clock),
  };
}
