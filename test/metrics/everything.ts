import type { HubEvent } from "../../src/market/events.ts";
import type { Metrics } from "../../src/metrics/registry.ts";
import { storeFigures } from "../http/kit/builders.ts";
import { halt, haltOrder } from "../kit/halts.ts";
import { BTC, FIGURES, saved } from "./kit.ts";

const PROCESS = { residentBytes: 1, heapUsedBytes: 1, cpuSeconds: 1, loopLagP99Ms: 1 };

/** So that every metric has a series, and its labels can be read. */
export function tellOfEverything(metrics: Metrics, tell: (event: HubEvent) => void): void {
  metrics.setPortfolios([{ name: "swing", series: [BTC] }]);
  tell(saved());
  metrics.onKitEvent({
    kind: "handled",
    actor: "architect",
    topic: "saveCandles",
    count: 1,
    outcome: "ok",
    waitMs: 1,
    durationMs: 1,
  });
  metrics.onTree({
    id: "architect",
    kind: "actor",
    state: "up",
    restarts: 0,
    mailboxDepth: 0,
    children: [],
  });
  metrics.onStoreCall({ operation: "upsert_candles", outcome: "ok", durationMs: 1 });
  metrics.setStoreSize(storeFigures());
  metrics.setAccount(FIGURES);
  metrics.setHalts([halt()]);
  tell({ kind: "trading-halted", ...haltOrder() });
  tell({ kind: "books-compared", positions: 1, orders: 0, mismatches: 0 });
  metrics.setLiveness({ due: 1, late: [] });
  metrics.setLeases([{ name: "trader", isHeld: true }]);
  metrics.setExchange("binance", { budgetLeft: 1, offsetMs: 0 });
  metrics.http.know("GET", "/api/status");
  metrics.setHoldings([], []);
  metrics.setPool({ idle: 1, busy: 1, waiting: 0 });
  metrics.setLentSecrets([{ secret: "broker:oanda", ageMs: 1, leaseMs: 2 }]);
  metrics.secrets.know("embedded");
  metrics.notifications.know(["ops"]);
  metrics.onKitEvent({ kind: "beat", actor: "harvester:binance", figures: PROCESS });
}
