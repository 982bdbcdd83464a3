import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import { folderTrouble, makeFolder } from "./config/data-folder.ts";
import type { Environment } from "./config/env.ts";
import type { Settings } from "./config/settings.ts";
import { CCXT_EXCHANGES } from "./exchanges/ccxt/venues.ts";
import { createApp } from "./http/app.ts";
import { listen } from "./http/server.ts";
import type { HubView } from "./http/view.ts";
import type { HubEvent } from "./market/events.ts";
import { type Clock, machineClock } from "./runtime/clock.ts";
import { messageOf } from "./runtime/errors.ts";
import type { EventStream } from "./runtime/event-stream.ts";
import { LeaseKeeper } from "./store/lease-keeper.ts";
import type { OpenStore } from "./store/open.ts";
import { startActorTree } from "./system/actor-tree.ts";
import { openBooks } from "./system/books.ts";
import { checkSettings, loadStrategies } from "./system/check-settings.ts";
import { CloseStack } from "./system/close-stack.ts";
import { Exchanges } from "./system/exchanges.ts";
import { feedMetrics } from "./system/feed-metrics.ts";
import { keepFacts } from "./system/keep-facts.ts";
import { createLogging } from "./system/logging.ts";
import { operatorToken } from "./system/operator-token.ts";
import { VERSION } from "./system/package-root.ts";
import { random } from "./system/random.ts";
import type { RunningSandbox } from "./system/sandbox.ts";
import { openSecrets } from "./system/secrets.ts";
import { vaultView } from "./system/vault-view.ts";
import { watchEvents } from "./system/watch-events.ts";
import { watchHeld } from "./system/watch-held.ts";

/** A hub that runs. */
export interface Hub {
  readonly url: string;
  readonly log: Logger;
  readonly events: EventStream<HubEvent>;
  /** Settles once the actor tree gives up: the process should end, and be started again. */
  readonly escalated: Promise<string>;
  /** Stops in order, the last started first: no more requests, no more orders, nothing lost. */
  stop(reason: string): Promise<void>;
}

/** Venues whose accounts the hub knows how to have secrets for. */
const VENUES = [...CCXT_EXCHANGES, "oanda"];
const STOP_LIMIT_MS = 30_000;
const HTTP_STOP_LIMIT_MS = 5_000;

/**
 * Puts a hub together and starts it: the one place that knows all names.
 * @throws StartRefusal with the one line its user gets; whatever was started is stopped again.
 */
export async function startHub(settings: Settings, environment: Environment): Promise<Hub> {
  const startedAt = machineClock.nowMs();
  const stack = new CloseStack();
  try {
    return await assemble(settings, environment, startedAt, stack);
  } catch (error) {
    await stack.close();
    throw folderTrouble(settings.dataDir, error);
  }
}

async function assemble(
  settings: Settings,
  environment: Environment,
  startedAt: number,
  stack: CloseStack,
): Promise<Hub> {
  const limits = checkSettings(settings);
  // Others may pass through it, not look: the database may run as another user.
  const dataDir = makeFolder(settings.dataDir, 0o711);
  const strategies = await loadStrategies(settings);
  let hubClock: Clock = machineClock;
  const logging = createLogging(settings.logLevel, () => hubClock.nowMs());
  const { log } = logging;
  const own = { ...settings, dataDir };
  const secrets = await openSecrets({ settings: own, environment, venues: VENUES, stack });
  const books = await openBooks(own, secrets, strategies, log, stack);
  const { opened, sandbox, clock, runId } = books;
  const { store } = opened;
  hubClock = clock;

  const watching = await watchEvents(store, clock, log, strategies);
  secrets.listen(watching.forActors.publish);
  keepFacts(watching.events, store, runId, log, stack);
  books.onStoreCall((call) => watching.metrics.onStoreCall(call));
  const exchanges = openExchanges(settings, sandbox, clock, log, stack);
  await watchHeld({ ...watching.forActors, trade: store.trade, exchanges, clock, log }, stack);
  const leases = keepLeases(opened, settings, watching.forActors.publish, stack);
  const { promise: escalated, resolve: onEscalation } = deferred<string>();
  const token = operatorToken(dataDir);
  const tree = await startActorTree({
    settings,
    runId,
    limits,
    store,
    exchanges,
    leases,
    strategies,
    tokens: () => [token],
    secrets,
    clock,
    machineClock,
    random,
    ...watching.forActors,
    onEscalation,
  });
  stack.push(() => tree.system.stop("the hub stops", STOP_LIMIT_MS));
  const { events, metrics, view } = watching;
  const fed = { system: tree.system, exchanges, view, leases, limits, clock, store };
  stack.push(feedMetrics(metrics, fed));
  const app = createApp({
    ...tree,
    store,
    view,
    leases,
    tree: () => tree.system.tree(),
    events,
    vault: vaultView(secrets),
    metrics: metrics.http,
    scrape: metrics,
    clock,
    machineClock,
    settings,
    strategies: strategies.describe(),
    version: VERSION,
    startedAt,
    logs: () => logging.recent(),
    onFailure: (err, requestId) => log.error({ err, requestId }, "a request failed"),
  });
  const url = await serve(app, view, settings, stack);
  log.info(`mode ${settings.mode}, store ${opened.road}, data folder ${dataDir}`);
  return { url, log, events, escalated, stop: () => stack.close() };
}

/** Opens the port, and keeps up to date what is shown there. */
async function serve(
  app: ReturnType<typeof createApp>,
  view: HubView,
  { host, port }: Settings,
  stack: CloseStack,
): Promise<string> {
  const server = await listen(app, { host, port });
  stack.push(() => server.stop(HTTP_STOP_LIMIT_MS));
  view.start();
  stack.push(() => view.stop());
  return server.url;
}

/** Closed after the actors have stopped and before the store does: nothing is given back too soon. */
function keepLeases(
  { store, road }: OpenStore,
  { leaseTtlMs }: Settings,
  publish: (event: HubEvent) => void,
  stack: CloseStack,
): LeaseKeeper {
  const keeper = new LeaseKeeper({
    leases: store.leases,
    machineClock,
    random,
    holder: randomUUID(),
    instance: `${hostname()} pid ${process.pid}`,
    ttlMs: leaseTtlMs,
    // Its folder is locked and its server is our own: whoever held a lease there is dead.
    takesOver: road === "embedded",
    publish,
  });
  stack.push(() => keeper.stop());
  return keeper;
}

function openExchanges(
  settings: Settings,
  sandbox: RunningSandbox | undefined,
  clock: Clock,
  log: Logger,
  stack: CloseStack,
): Exchanges {
  const exchanges = new Exchanges({
    sandboxUrl: sandbox?.server.url,
    clock,
    machineClock,
    deadlineMs: settings.exchangeDeadlineMs,
    maxSockets: settings.pollConcurrency,
    random,
    onFailure: (what, error) => log.warn({ actor: "harvester" }, `${what}: ${messageOf(error)}`),
  });
  stack.push(() => exchanges.close());
  return exchanges;
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
