import type { Series } from "../src/market/series.ts";
import { TIMEFRAMES } from "../src/market/timeframe.ts";
import { createMetrics, type Metrics } from "../src/metrics/registry.ts";
import { machineClock } from "../src/runtime/clock.ts";
import { percentile, printTimes, Sheet, timed } from "./store/sheet.ts";

const SERIES = 1_000;
const EXCHANGES = ["binance", "bybit", "kraken", "okx"];
const KINDS = ["architect", "gatekeeper", "trader", "commander", "analyst", "harvester:binance"];
const TOPICS = Array.from({ length: 10 }, (_, n) => `topic${n}`);
const ROUTES = Array.from({ length: 45 }, (_, n) => `/api/v1/route${n}`);
const STATUSES = [200, 304, 400, 401];
const OPERATIONS = Array.from({ length: 50 }, (_, n) => `hub_operation_${n}`);
const SCRAPES = 60;
const LIMIT_MS = 50;

/** What a scrape costs the hub, which does nothing else meanwhile. */
export async function run(): Promise<void> {
  const sheet = new Sheet();
  const metrics = fullMetrics();
  const text = await metrics.text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  console.log(
    `${SERIES} series watched: ${lines.length} lines, ${(text.length / 1024).toFixed(0)} KiB`,
  );
  const times: number[] = [];
  for (let i = 0; i < SCRAPES; i += 1) times.push(await timed(() => metrics.text()));
  printTimes("a scrape", times);
  sheet.atMost("scrape with 1,000 series, p99", percentile(times, 0.99), LIMIT_MS, "ms");
  sheet.print();
}

/** Every label combination that a hub of four exchanges comes to have. */
function fullMetrics(): Metrics {
  const metrics = createMetrics({
    clock: machineClock,
    machineClock,
    version: "0",
    commit: "",
    strategies: ["a", "b", "c", "d", "e"],
    checks: Array.from({ length: 25 }, (_, n) => `check${n}`),
    askers: KINDS,
  });
  const series = Array.from({ length: SERIES }, (_, n): Series => {
    const timeframe = TIMEFRAMES[n % 5] ?? "1m";
    return { exchange: EXCHANGES[n % 4] ?? "binance", pair: `COIN${n}/USDT`, timeframe };
  });
  const halves = [series.slice(0, SERIES / 2), series.slice(SERIES / 2)];
  metrics.setPortfolios(halves.map((half, n) => ({ name: `portfolio${n}`, series: half })));
  let seq = 0;
  for (const one of series) {
    const told = {
      openTime: 0,
      closeTime: 60_000,
      close: 1,
      novelty: "new",
      source: "poll",
    } as const;
    metrics.onHubEvent({
      seq: ++seq,
      at: 66_000,
      event: { kind: "candle-saved", series: one, ...told },
    });
  }
  for (const actor of KINDS) for (const topic of TOPICS) handled(metrics, actor, topic);
  for (const operation of OPERATIONS) {
    metrics.onStoreCall({ operation, outcome: "ok", durationMs: 2 });
  }
  for (const route of ROUTES) {
    metrics.http.know("GET", route);
    for (const status of STATUSES) asked(metrics, route, status);
  }
  return metrics;
}

function handled(metrics: Metrics, actor: string, topic: string): void {
  const cost = { count: 1, waitMs: 1, durationMs: 1 };
  metrics.onKitEvent({ kind: "handled", actor, topic, outcome: "ok", ...cost });
}

function asked(metrics: Metrics, route: string, status: number): void {
  metrics.http.started();
  metrics.http.ended({ method: "GET", route, status, durationMs: 3 });
}
