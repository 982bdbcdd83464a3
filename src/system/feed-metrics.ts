import type { HubView } from "../http/view.ts";
import { markToMarket } from "../market/portfolio.ts";
import type { Metrics } from "../metrics/registry.ts";
import type { RiskLimits } from "../risk/limits.ts";
import type { Clock } from "../runtime/clock.ts";
import type { ActorSystem } from "../runtime/spec.ts";
import type { Exchanges } from "./exchanges.ts";

/** Reads what is read rather than told, at each scrape: the tree, the exchanges, the account. */
export function feedMetrics(
  metrics: Metrics,
  sources: {
    readonly system: ActorSystem;
    readonly exchanges: Exchanges;
    readonly view: HubView;
    readonly limits: RiskLimits;
    readonly clock: Clock;
  },
): void {
  const { system, exchanges, view, limits, clock } = sources;
  metrics.beforeScrape(() => metrics.onTree(system.tree()));
  metrics.beforeScrape(() => {
    for (const market of exchanges.all()) {
      const offsetMs = market.exchangeNowMs() - clock.nowMs();
      metrics.setExchange(market.exchange, { budgetLeft: market.budgetLeft(), offsetMs });
    }
  });
  metrics.beforeScrape(() => {
    const { account, positions, halted } = view.picture();
    metrics.setHalted(halted);
    if (account === null) return;
    const equity = markToMarket(account, positions, (e, pair) => view.price(e, pair));
    metrics.setAccount({ account, equity, maxDrawdownFraction: limits.maxDrawdownFraction });
  });
}
