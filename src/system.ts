import type { Logger } from "pino";
import { folderTrouble } from "./config/data-folder.ts";
import type { Environment } from "./config/env.ts";
import type { Settings } from "./config/settings.ts";
import { createApp } from "./http/app.ts";
import type { HttpDeps } from "./http/deps.ts";
import { listen } from "./http/server.ts";
import type { HubEvent } from "./market/events.ts";
import { type Clock, machineClock } from "./runtime/clock.ts";
import { messageOf } from "./runtime/errors.ts";
import type { EventStream } from "./runtime/event-stream.ts";
import { StepWatch } from "./runtime/step-watch.ts";
import { StoreGate } from "./store/gate.ts";
import type { LeaseKeeper } from "./store/lease-keeper.ts";
import type { OpenStore } from "./store/open.ts";
import { type ActorTree, startActorTree } from "./system/actor-tree.ts";
import { CloseStack } from "./system/close-stack.ts";
import { strategyView } from "./system/configuration/describe.ts";
import { Exchanges } from "./system/exchanges.ts";
import { feedMetrics } from "./system/feed-metrics.ts";
import { type Ground, openGround } from "./system/ground.ts";
import { keepLeases } from "./system/keep-leases.ts";
import { startNotifier } from "./system/notifier.ts";
import { VERSION } from "./system/package-root.ts";
import { passOnRevocation } from "./system/pass-on-revocation.ts";
import { random } from "./system/random.ts";
import type { Redactor } from "./system/redactor.ts";
import type { RunningSandbox } from "./system/sandbox.ts";
import { serveUnderManager } from "./system/service-manager.ts";
import { openTokens } from "./system/tokens.ts";
import { vaultView } from "./system/vault-view.ts";
import { watchHeld } from "./system/watch-held.ts";
import { watchLiveness } from "./system/watch-liveness.ts";

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
export async function startHub(
  settings: Settings,
  environment: Environment,
  redactor: Redactor,
): Promise<Hub> {
  const startedAt = machineClock.nowMs();
  const stack = new CloseStack();
  try {
    return await assemble(settings, environment, redactor, startedAt, stack);
  } catch (error) {
    await stack.close();
    throw folderTrouble(settings.dataDir, error);
  }
}

async function assemble(
  settings: Settings,
  environment: Environment,
  redactor: Redactor,
  startedAt: number,
  stack: CloseStack,
): Promise<Hub> {
  const ground = await openGround(settings, environment, redactor, stack);
  const { dataDir, limits, strategies, logging, secrets, configuration, books, watching } = ground;
  const { opened, sandbox, clock, runId } = books;
  const { store } = opened;
  const { log } = logging;
  const exchanges = openExchanges(settings, sandbox, clock, log, stack);
  await watchHeld({ ...watching.forActors, trade: store.trade, exchanges, clock, log }, stack);
  const { leaseTtlMs } = settings;
  const { publish } = watching.forActors;
  const leases = keepLeases({ opened, dataDir, leaseTtlMs, publish, log }, stack);
  const { promise: escalated, resolve: onEscalation } = deferred<string>();
  const tokens = await openTokens(dataDir, store, redactor);
  const around = { settings, store, exchanges, leases, clock };
  const { liveness, onKitEvent } = await watchLiveness(around, watching);
  const tree = await startActorTree({
    settings,
    runId,
    limits,
    rulesOf: configuration.rulesOf,
    store,
    exchanges,
    leases,
    strategies,
    tokens,
    secrets,
    clock,
    machineClock,
    random,
    ...watching.forActors,
    onKitEvent,
    staleness: (exchange) => liveness.staleness(exchange),
    onEscalation,
    orderFault: sandbox?.orderFault ?? (() => undefined),
  });
  stack.push(() => tree.system.stop("the hub stops", STOP_LIMIT_MS));
  configuration.onChange(() => tree.commander.tell("strategiesChanged", null));
  secrets.listen((event) => passOnRevocation(event, exchanges, tree.system));
  const { events, metrics, view } = watching;
  const notifier = await tellPeople({ ...around, secrets, meter: metrics.notifications }, tree);
  const fed = { system: tree.system, exchanges, view, leases, clock, store, liveness, ...ground };
  stack.push(feedMetrics(metrics, fed));
  const rest = { tokens, notifier, liveness: () => liveness.now() };
  const face = { ...faceOf(settings, ground, leases, tree, startedAt), ...rest };
  const url = await serve(face, settings, stack);
  const warn = (line: string): void => log.warn(line);
  const isStoreUp = (): boolean => view.picture().storeState === "ok";
  serveUnderManager({ environment, machineClock, ...rest, isStoreUp, warn }, stack);
  log.info(`mode ${settings.mode}, store ${opened.road}, data folder ${dataDir}`);
  return { url, log, events, escalated, stop: () => stack.close() };
}

/** Tells people what happens, by the channels that the settings name. */
function tellPeople(
  around: {
    readonly settings: Settings;
    readonly store: OpenStore["store"];
    readonly clock: Clock;
    readonly secrets: Ground["secrets"];
    readonly meter: Ground["watching"]["metrics"]["notifications"];
  },
  tree: ActorTree,
): ReturnType<typeof startNotifier> {
  const { settings, secrets, meter } = around;
  meter.know(settings.notifications.map(({ name }) => name));
  return startNotifier({
    ...around,
    ...tree,
    machineClock,
    random,
    // Whoever else waits for the database tells of it.
    gate: new StoreGate(machineClock, () => undefined),
    onRevocation: (told) =>
      secrets.listen((event) => event.kind === "secret-revoked" && told(event.secret)),
  });
}

/** What the API stands on. */
function faceOf(
  settings: Settings,
  { books, watching, secrets, strategies, configuration, logging }: Ground,
  leases: LeaseKeeper,
  tree: ActorTree,
  startedAt: number,
): Omit<HttpDeps, "tokens" | "notifier" | "liveness"> {
  const { events, metrics, view } = watching;
  return {
    ...tree,
    store: books.opened.store,
    view,
    leases,
    tree: () => tree.system.tree(),
    events,
    vault: vaultView(secrets),
    metrics: metrics.http,
    scrape: metrics,
    clock: books.clock,
    machineClock,
    settings,
    strategies: strategyView(strategies, configuration.watch),
    version: VERSION,
    startedAt,
    logs: () => logging.recent(),
    onFailure: (err, requestId) => logging.log.error({ err, requestId }, "a request failed"),
  };
}

/** Opens the port, and keeps up to date what is shown there. */
async function serve(face: HttpDeps, { host, port }: Settings, stack: CloseStack): Promise<string> {
  const { view } = face;
  const server = await listen(createApp(face), { host, port });
  stack.push(() => server.stop(HTTP_STOP_LIMIT_MS));
  view.start();
  stack.push(() => view.stop());
  return server.url;
}

function openExchanges(
  settings: Settings,
  sandbox: RunningSandbox | undefined,
  clock: Clock,
  log: Logger,
  stack: CloseStack,
): Exchanges {
  const steps = new StepWatch(clock, machineClock);
  steps.onStep((byMs) => log.warn(stepLine(byMs)));
  steps.start();
  const exchanges = new Exchanges({
    sandboxUrl: sandbox?.server.url,
    clock,
    machineClock,
    steps,
    deadlineMs: settings.exchangeDeadlineMs,
    maxSockets: settings.pollConcurrency,
    budgetPart: settings.forkHarvesters ? "rest" : "all",
    random,
    onFailure: (what, error) => log.warn({ actor: "harvester" }, `${what}: ${messageOf(error)}`),
  });
  stack.push(() => {
    steps.stop();
    return exchanges.close();
  });
  return exchanges;
}

function stepLine(byMs: number): string {
  const by = (byMs / 1_000).toFixed(1);
  return `the clock moved by ${by} s, or this process stood still: the exchanges' clocks are measured anew`;
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
