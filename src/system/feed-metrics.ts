import type { HubView } from "../http/view.ts";
import { markToMarket } from "../market/portfolio.ts";
import type { Metrics } from "../metrics/registry.ts";
import type { RiskLimits } from "../risk/limits.ts";
import { type Clock, machineClock } from "../runtime/clock.ts";
import { ProcessMeter } from "../runtime/process-meter.ts";
import type { ActorSystem } from "../runtime/spec.ts";
import type { LeaseKeeper } from "../store/lease-keeper.ts";
import type { Store } from "../store/port.ts";
import type { SecretBroker } from "../vault/broker/broker.ts";
import type { Configuration } from "./configuration/open.ts";
import type { Exchanges } from "./exchanges.ts";
import type { LivenessWatch } from "./liveness-watch.ts";
import { watchStoreSize } from "./store-size.ts";
import type { StrategyPlan } from "./strategy-plan.ts";

/** Where figures are read. */
interface MetricSources {
  readonly liveness: Pick<LivenessWatch, "now">;
  readonly system: ActorSystem;
  readonly exchanges: Exchanges;
  readonly view: HubView;
  readonly leases: LeaseKeeper;
  readonly limits: RiskLimits;
  readonly clock: Clock;
  readonly store: Pick<Store, "upkeep" | "database">;
  readonly secrets: { readonly broker: Pick<SecretBroker, "lent"> };
  readonly strategies: StrategyPlan;
  readonly configuration: Pick<Configuration, "watch" | "maxAgeMs">;
}

/**
 * Reads what is read rather than told: the tree, the exchanges and the account at each scrape, the
 * size of the store now and then. Returns the way to stop that.
 */
export function feedMetrics(metrics: Metrics, sources: MetricSources): () => void {
  const { system, exchanges, view, leases, limits, clock, store } = sources;
  metrics.beforeScrape(() => metrics.onTree(system.tree()));
  metrics.beforeScrape(() => {
    const { watch, maxAgeMs } = sources.configuration;
    const { refused, disabled } = watch.standing;
    metrics.setConfiguration({
      running: sources.strategies.configured.length,
      refused: refused.length,
      disabled: disabled.length,
      ageMs: watch.ageMs,
      maxAgeMs,
    });
  });
  metrics.beforeScrape(() => {
    metrics.setLeases(leases.standings());
    metrics.setLiveness(sources.liveness.now());
  });
  metrics.beforeScrape(() => {
    for (const market of exchanges.all()) {
      const offsetMs = market.exchangeNowMs() - clock.nowMs();
      metrics.setExchange(market.exchange, { budgetLeft: market.budgetLeft(), offsetMs });
    }
  });
  metrics.beforeScrape(() => {
    const { account, positions, working, halts, storeState } = view.picture();
    metrics.setStoreState(storeState);
    metrics.setHalts(halts);
    metrics.setHoldings(positions, working);
    if (account === null) return;
    const equity = markToMarket(account, positions, (e, pair) => view.price(e, pair));
    metrics.setAccount({ account, equity, ...limits });
  });
  metrics.beforeScrape(() => metrics.setLentSecrets(sources.secrets.broker.lent()));
  metrics.beforeScrape(() => {
    const pool = store.database.pool?.();
    if (pool !== undefined) metrics.setPool(pool);
  });
  const meter = new ProcessMeter();
  metrics.beforeScrape(() => metrics.setProcess(meter.read()));
  const stop = watchStoreSize(store.upkeep, machineClock, (figures) =>
    metrics.setStoreSize(figures),
  );
  return () => {
    meter.stop();
    stop();
  };
}
