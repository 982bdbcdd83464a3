import { accessSync, constants, mkdirSync, realpathSync } from "node:fs";
import type { Logger } from "pino";
import { StartRefusal } from "./config/refusal.ts";
import type { Settings } from "./config/settings.ts";
import { createApp } from "./http/app.ts";
import { listen } from "./http/server.ts";
import type { HubEvent } from "./market/events.ts";
import { type RiskLimits, riskLimitsSchema } from "./risk/limits.ts";
import { type Clock, machineClock } from "./runtime/clock.ts";
import { messageOf } from "./runtime/errors.ts";
import type { EventStream } from "./runtime/event-stream.ts";
import { lockFolder } from "./store/embedded/folder-lock.ts";
import { type OpenStore, openStore, type StoreOptions } from "./store/open.ts";
import type { Store } from "./store/port.ts";
import { startActorTree } from "./system/actor-tree.ts";
import { CloseStack } from "./system/close-stack.ts";
import { Exchanges } from "./system/exchanges.ts";
import { feedMetrics } from "./system/feed-metrics.ts";
import { createLogging } from "./system/logging.ts";
import { operatorToken } from "./system/operator-token.ts";
import { migrationsDir, VERSION } from "./system/package-root.ts";
import { random } from "./system/random.ts";
import { type RunningSandbox, startSandboxMode } from "./system/sandbox.ts";
import { StrategyPlan } from "./system/strategy-plan.ts";
import { watchEvents } from "./system/watch-events.ts";

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

const STOP_LIMIT_MS = 30_000;
const HTTP_STOP_LIMIT_MS = 5_000;

/**
 * Puts a hub together and starts it: the one place that knows all names.
 * @throws StartRefusal with the one line its user gets; whatever was started is stopped again.
 */
export async function startHub(settings: Settings): Promise<Hub> {
  const startedAt = machineClock.nowMs();
  const stack = new CloseStack();
  try {
    return await assemble(settings, startedAt, stack);
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function assemble(settings: Settings, startedAt: number, stack: CloseStack): Promise<Hub> {
  const limits = checkSettings(settings);
  const dataDir = prepareFolder(settings.dataDir);
  const strategies = await StrategyPlan.load(settings);
  let hubClock: Clock = machineClock;
  const logging = createLogging(settings.logLevel, () => hubClock.nowMs());
  const { log } = logging;
  // The store is there before the metrics that listen to it.
  let noteCall: StoreOptions["onCall"];
  const onCall: StoreOptions["onCall"] = (call) => noteCall?.(call);
  const { store, road } = await openStoreFor(settings, dataDir, log, stack, onCall);
  const sandbox = await openSandbox({ ...settings, dataDir }, log, stack);
  const clock = sandbox?.clock ?? machineClock;
  hubClock = clock;
  await openPaperAccount(settings, store, clock);

  const watching = await watchEvents(store, clock, log, strategies);
  noteCall = (call) => watching.metrics.onStoreCall(call);
  const exchanges = openExchanges(settings, sandbox, clock, log);
  stack.push(() => exchanges.close());
  const { promise: escalated, resolve: onEscalation } = deferred<string>();
  const token = operatorToken(dataDir);
  const tree = await startActorTree({
    settings,
    limits,
    store,
    exchanges,
    strategies,
    tokens: () => [token],
    clock,
    machineClock,
    random,
    ...watching.forActors,
    onEscalation,
  });
  stack.push(() => tree.system.stop("the hub stops", STOP_LIMIT_MS));
  const { events, metrics, view } = watching;
  feedMetrics(metrics, { system: tree.system, exchanges, view, limits, clock });
  const app = createApp({
    ...tree,
    store,
    view,
    tree: () => tree.system.tree(),
    events,
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
  const server = await listen(app, { host: settings.host, port: settings.port });
  stack.push(() => server.stop(HTTP_STOP_LIMIT_MS));
  view.start();
  stack.push(() => view.stop());
  log.info(`mode ${settings.mode}, store ${road}, data folder ${dataDir}`);
  return { url: server.url, log, events, escalated, stop: () => stack.close() };
}

/** What cannot be checked by the shape of the settings alone. */
function checkSettings(settings: Settings): RiskLimits {
  if (settings.mode === "live") {
    throw new StartRefusal(
      "HUB_MODE live: no broker for real orders is armed; use paper or sandbox",
    );
  }
  const limits = riskLimitsSchema.safeParse(settings.limits);
  if (limits.success) return limits.data;
  const issue = limits.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `.${issue.path.join(".")}`;
  throw new StartRefusal(`setting limits${where}: ${issue?.message ?? "invalid"}`);
}

/** @throws StartRefusal when the folder cannot be written to. */
function prepareFolder(wished: string): string {
  try {
    mkdirSync(wished, { recursive: true, mode: 0o711 });
    accessSync(wished, constants.W_OK | constants.X_OK);
    return realpathSync(wished);
  } catch (error) {
    const reason = messageOf(error).split(",")[0];
    throw new StartRefusal(
      `data folder ${wished} cannot be used (${reason}); set HUB_DATA_DIR`,
      error,
    );
  }
}

async function openStoreFor(
  settings: Settings,
  dataDir: string,
  log: Logger,
  stack: CloseStack,
  onCall: StoreOptions["onCall"],
): Promise<OpenStore> {
  const { databaseUrl, supabaseUrl, supabaseKey } = settings;
  // The embedded database locks the folder itself; on the other roads the folder is still ours alone.
  const isEmbedded = databaseUrl === undefined && supabaseUrl === undefined;
  if (!isEmbedded) stack.push(await lockFolder(dataDir));
  const opened = await openStore({
    dataDir,
    databaseUrl,
    supabaseUrl,
    supabaseKey,
    migrationsDir,
    log: (line) => log.info({ actor: "architect" }, line),
    onCall,
  });
  stack.push(() => opened.stop());
  return opened;
}

/** Opens the account at the first start; later ones find it as it is. */
async function openPaperAccount(settings: Settings, store: Store, clock: Clock): Promise<void> {
  const cash = String(settings.paperCash);
  await store.trade.openAccount("paper", settings.paperCurrency, cash, clock.nowMs());
}

async function openSandbox(
  settings: Settings,
  log: Logger,
  stack: CloseStack,
): Promise<RunningSandbox | undefined> {
  if (settings.mode !== "sandbox") return undefined;
  const onFailure = (err: unknown): void => log.error({ err }, "the sandbox exchange failed");
  const sandbox = await startSandboxMode(settings, machineClock, onFailure);
  stack.push(() => sandbox.server.close());
  log.info(`sandbox exchange at ${sandbox.server.url}, ${settings.speed} times as fast`);
  return sandbox;
}

function openExchanges(
  settings: Settings,
  sandbox: RunningSandbox | undefined,
  clock: Clock,
  log: Logger,
): Exchanges {
  return new Exchanges({
    sandboxUrl: sandbox?.server.url,
    clock,
    machineClock,
    deadlineMs: settings.exchangeDeadlineMs,
    maxSockets: settings.pollConcurrency,
    random,
    onFailure: (what, error) => log.warn({ actor: "harvester" }, `${what}: ${messageOf(error)}`),
  });
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
