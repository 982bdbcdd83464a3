import type { Express } from "express";
import { TokenBook } from "../../../src/actors/sentinel/token-book.ts";
import { createApp } from "../../../src/http/app.ts";
import type { HttpDeps } from "../../../src/http/deps.ts";
import { type HttpServer, listen } from "../../../src/http/server.ts";
import { createHubView } from "../../../src/http/view.ts";
import { ROLES } from "../../../src/market/token.ts";
import { originOf } from "../../../src/market/trace.ts";
import { createMetrics } from "../../../src/metrics/registry.ts";
import { machineClock } from "../../../src/runtime/clock.ts";
import type { ActorNode } from "../../../src/runtime/spec.ts";
import type { Standing } from "../../../src/vault/broker/census.ts";
import type { NumberedEntry } from "../../../src/vault/ledger/line.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import {
  dayOfCandles,
  equityDay,
  gap,
  known,
  NOW,
  notification,
  order,
  position,
  request,
  signal,
  trade,
  tree,
} from "./builders.ts";
import { holdToItsWord } from "./client.ts";
import { emptyShelves, fakeStore, type Shelves } from "./fake-store.ts";
import {
  FakeEvents,
  fakeCommander,
  fakeGatekeeper,
  fakeNotifier,
  fakeSentinel,
  LOGS,
  TRACE_ID,
  tokenRow,
} from "./fakes.ts";
import { story } from "./story.ts";
import { fakeStrategies } from "./strategies.ts";

/** The hub that is asked, among those that hold leases. */
const HOLDER = "00000000-0000-4000-8000-00000000000a";

const SECRET_LINES: readonly NumberedEntry[] = [3, 2, 1].map((n) => ({
  n,
  at: NOW - 1_000 + n,
  who: "commander/harvesters/harvester:oanda",
  event: n === 2 ? "denied" : "granted",
  secret: "broker:oanda",
  purpose: "market-data",
  ...(n === 2 ? { reason: "not allowed" } : { lease: `lease ${n}`, version: "1" }),
}));

/** The tokens of every role; they are known before the first request can come. */
function openTokens({ tokens }: Shelves): TokenBook {
  for (const row of ROLES.map(tokenRow)) tokens.rows.set(row.id, row);
  const identity = { who: "operator", role: "admin", token: "operator.token" } as const;
  const own = { hash: "00".repeat(32), identity };
  const book = new TokenBook({ tokens, own, machineClock, onMade: () => {} });
  void book.refresh();
  return book;
}

export const SETTINGS: HttpDeps["settings"] = {
  mode: "sandbox",
  chattyAllow: ["127.0.0.1", "::1"],
  corsOrigins: [],
  requestsPerMinute: 10_000_000,
};

/** Everything the HTTP layer stands on, faked, with handles for a test to turn. */
export function setUp(changes: Partial<HttpDeps> = {}, keep = 1_000) {
  const shelves = emptyShelves();
  const store = fakeStore(shelves);
  const events = new FakeEvents(keep);
  const clock = new ManualClock(NOW);
  const commander = fakeCommander();
  const gatekeeper = fakeGatekeeper();
  const tokens = openTokens(shelves);
  const sentinel = fakeSentinel(tokens);
  const notifier = fakeNotifier();
  const metrics = createMetrics({
    clock,
    machineClock: clock,
    version: "1.2.3",
    commit: "abc",
    strategies: ["ema-cross"],
    checks: ["spread"],
    askers: ["architect", "trader", "commander/harvesters/harvester:oanda"],
  });
  const view = createHubView({ store, events, gate: { reason: null }, clock, machineClock });
  const hub: {
    tree: () => ActorNode;
    leases: ReturnType<HttpDeps["leases"]["standings"]>;
    vaultStatus: ReturnType<HttpDeps["vault"]["status"]>;
    liveness: ReturnType<HttpDeps["liveness"]>;
    standings: readonly Standing[];
  } = {
    tree: () => tree(),
    vaultStatus: "not_configured",
    liveness: { state: "healthy", due: 1, late: [] },
    standings: [],
    leases: [
      { name: "trader", isHeld: true },
      { name: "exchange:binance", isHeld: false },
    ],
  };
  const failures: unknown[] = [];
  const deps: HttpDeps = {
    commander,
    gatekeeper,
    sentinel,
    notifier,
    store,
    view,
    leases: { holder: HOLDER, standings: () => hub.leases },
    tree: () => hub.tree(),
    events,
    tokens,
    vault: {
      status: () => hub.vaultStatus,
      standing: (venue) => hub.standings.find(({ secret }) => secret === `broker:${venue}`),
      ledger: (limit, before = Number.POSITIVE_INFINITY) =>
        SECRET_LINES.filter(({ n }) => n < before).slice(0, limit),
    },
    liveness: () => hub.liveness,
    metrics: metrics.http,
    scrape: metrics,
    clock,
    machineClock,
    settings: SETTINGS,
    broker: { id: "paper", name: "Paper", live: false },
    strategies: fakeStrategies(),
    version: "1.2.3",
    startedAt: machineClock.nowMs() - 5_000,
    logs: () => LOGS,
    onFailure: (error) => failures.push(error),
    ...changes,
  };
  return {
    deps,
    shelves,
    events,
    clock,
    commander,
    gatekeeper,
    sentinel,
    tokens,
    metrics,
    view,
    hub,
    failures,
  };
}

export type World = ReturnType<typeof setUp>;

/** Puts something on every shelf. */
export function fill(shelves: Shelves): void {
  const series = known();
  shelves.watched = [series];
  const { exchange, pair, timeframe } = series;
  shelves.portfolios = [{ name: "default", series: [{ exchange, pair, timeframe }] }];
  shelves.candles.set("binance:BTC/USDT:15m", dayOfCandles());
  shelves.positions = [position()];
  shelves.trades = [trade(1, null), trade(2, "30.5"), trade(30, "-10.25"), trade(60, "4.75")];
  shelves.equity = [equityDay(2, "10000"), equityDay(1, "9990"), equityDay(0, "10025")];
  shelves.signals = [signal(3), signal(2, ["spread"]), signal(1)];
  shelves.orders = [order(1), order(2)];
  shelves.gaps = [gap()];
  shelves.notifications = [notification(2), notification(1)];
  shelves.stories = new Map([[TRACE_ID, story()]]);
  const origin = originOf(TRACE_ID);
  shelves.origins = new Map(
    origin === undefined
      ? []
      : [
          ["s-1", origin],
          ["o-9", origin],
        ],
  );
  shelves.audit = [{ id: 7, at: NOW, who: "the operator", what: "watchlist.add", detail: null }];
  const other = "00000000-0000-4000-8000-00000000000b";
  shelves.leases = [
    { name: "exchange:binance", holder: other, instance: "b pid 2", epoch: 7, leftMs: 9_000 },
    { name: "exchange:kraken", holder: HOLDER, instance: "a pid 1", epoch: 3, leftMs: 0 },
    { name: "trader", holder: HOLDER, instance: "a pid 1", epoch: 4, leftMs: 12_000 },
  ];
  shelves.queue = [
    { id: 1, signalId: "s-1", order: request(1), attempts: 0, enqueuedAt: NOW, status: "pending" },
  ];
}

/** Opens the world's app on a free port. */
export async function open(
  world: World,
): Promise<{ server: HttpServer; app: Express; url: string }> {
  const app = createApp(world.deps);
  const server = await listen(app, { host: "127.0.0.1", port: 0 });
  holdToItsWord(server.url, app);
  return { server, app, url: server.url };
}
