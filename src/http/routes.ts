import type { HttpDeps } from "./deps.ts";
import { describeRoutes } from "./openapi.ts";
import type { Route } from "./route.ts";
import { actorRoutes } from "./routes/actors.ts";
import { auditRoutes } from "./routes/audit.ts";
import { candleRoutes } from "./routes/candles.ts";
import { chattyRoutes } from "./routes/chatty.ts";
import { eventRoutes } from "./routes/events.ts";
import { haltRoutes } from "./routes/halts.ts";
import { leaseRoutes } from "./routes/leases.ts";
import { machineRoutes } from "./routes/machine.ts";
import { notificationRoutes } from "./routes/notifications.ts";
import { operationRoutes } from "./routes/operations.ts";
import { performanceRoutes } from "./routes/performance.ts";
import { portfolioRoutes } from "./routes/portfolios.ts";
import { reconciliationRoutes } from "./routes/reconciliation.ts";
import { signalRoutes } from "./routes/signals.ts";
import { storeRoutes } from "./routes/store.ts";
import { strategyRoutes } from "./routes/strategies.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { traceRoutes } from "./routes/traces.ts";
import { tradingRoutes } from "./routes/trading.ts";
import { watchlistRoutes } from "./routes/watchlist.ts";
import type { Streams } from "./sse.ts";

/** Every path the hub serves; what is not in this list does not exist. */
export function allRoutes(deps: HttpDeps, streams: Streams): readonly Route[] {
  let document: object | undefined;
  const describe = (): object => {
    document ??= describeRoutes(routes, deps.version);
    return document;
  };
  const routes: readonly Route[] = [
    ...chattyRoutes(deps),
    ...watchlistRoutes(deps),
    ...portfolioRoutes(deps),
    ...actorRoutes(deps),
    ...leaseRoutes(deps),
    ...candleRoutes(deps),
    ...signalRoutes(deps),
    ...strategyRoutes(deps),
    ...tradingRoutes(deps),
    ...haltRoutes(deps),
    ...reconciliationRoutes(deps),
    ...performanceRoutes(deps),
    ...auditRoutes(deps),
    ...tokenRoutes(deps),
    ...storeRoutes(deps),
    ...operationRoutes(deps, streams),
    ...eventRoutes(deps),
    ...notificationRoutes(deps),
    ...traceRoutes(deps),
    ...machineRoutes(deps, describe),
  ];
  return routes;
}
