import { analystId, analystSpec } from "../actors/analyst/analyst.ts";
import type { AnalystProtocol } from "../actors/analyst/protocol.ts";
import { architectSpec } from "../actors/architect/architect.ts";
import { Janitor } from "../actors/architect/janitor.ts";
import type { ArchitectProtocol } from "../actors/architect/protocol.ts";
import { type CommanderDeps, commanderSpec } from "../actors/commander/commander.ts";
import type { CommanderProtocol } from "../actors/commander/protocol.ts";
import { ROOT, shardOf } from "../actors/commander/tree.ts";
import { MarketFacts } from "../actors/gatekeeper/facts.ts";
import { type GatekeeperDeps, gatekeeperSpec } from "../actors/gatekeeper/gatekeeper.ts";
import type { GatekeeperProtocol } from "../actors/gatekeeper/protocol.ts";
import {
  forkedHarvesterSpec,
  type HarvesterDeps,
  harvesterSpec,
} from "../actors/harvester/harvester.ts";
import type { HarvesterProtocol } from "../actors/harvester/protocol.ts";
import type { SentinelProtocol } from "../actors/sentinel/protocol.ts";
import { type SentinelDeps, sentinelSpec } from "../actors/sentinel/sentinel.ts";
import { Bookkeeper } from "../actors/trader/bookkeeper.ts";
import type { TraderProtocol } from "../actors/trader/protocol.ts";
import { type TraderDeps, traderSpec } from "../actors/trader/trader.ts";
import type { Settings } from "../config/settings.ts";
import type { Broker } from "../exchanges/port.ts";
import { whileAllowed } from "../exchanges/while-allowed.ts";
import type { DecimalText } from "../market/decimal.ts";
import type { HubEvent } from "../market/events.ts";
import type { Portfolio } from "../market/portfolio.ts";
import { type Series, seriesKey } from "../market/series.ts";
import type { RiskLimits } from "../risk/limits.ts";
import type { Clock } from "../runtime/clock.ts";
import { compiledUrl } from "../runtime/compiled.ts";
import type { Ref } from "../runtime/protocol.ts";
import type { ActorSystem, ActorSystemOptions, ChildSpec, KitEvent } from "../runtime/spec.ts";
import { createActorSystem } from "../runtime/system.ts";
import type { StoreGate } from "../store/gate.ts";
import { exchangeLease, type Leases, TRADER_LEASE } from "../store/lease-port.ts";
import type { Store } from "../store/port.ts";
import type { Exchanges } from "./exchanges.ts";
import { type ForkedHarvesterParams, sharedClock } from "./forked-harvester.ts";
import { verifySecretLedger } from "./ledger.ts";
import { askForOanda } from "./oanda.ts";
import { oversightOf } from "./oversight.ts";
import { paperBroker } from "./paper-broker.ts";
import type { RunningSandbox } from "./sandbox.ts";
import type { Secrets } from "./secrets.ts";
import type { StrategyPlan } from "./strategy-plan.ts";

export interface ActorTreeDeps {
  readonly settings: Settings;
  /** Id of this start: tells this hub's claims and notes from those of another. */
  readonly runId: string;
  readonly limits: RiskLimits;
  readonly rulesOf: GatekeeperDeps["rulesOf"];
  readonly store: Store;
  readonly exchanges: Exchanges;
  readonly leases: Leases;
  readonly strategies: StrategyPlan;
  readonly tokens: SentinelDeps["tokens"];
  readonly secrets: Pick<Secrets, "broker" | "census" | "ledger" | "box">;
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly random: () => number;
  readonly publish: (event: HubEvent) => void;
  /** Shared by all actors, so that an outage of the database is told once. */
  readonly gate: StoreGate;
  readonly onKitEvent: (event: KitEvent) => void;
  readonly onEscalation: ActorSystemOptions["onEscalation"];
  readonly onFactsFailure: (what: string, error: unknown) => void;
  readonly portfolioOf: (series: Series) => string;
  readonly heldPairs: (exchange: string) => readonly string[];
  /** Why the data of an exchange are old; null when they are not, undefined when nobody knows. */
  readonly staleness: (exchange: string) => string | null | undefined;
  readonly lastPrice: (exchange: string, pair: string) => DecimalText | undefined;
  /** Which orders the paper broker lets go astray. */
  readonly orderFault: RunningSandbox["orderFault"];
}

/** The running tree, and whom the outside may speak to. */
export interface ActorTree {
  readonly system: ActorSystem;
  readonly broker: Broker;
  readonly commander: Ref<CommanderProtocol>;
  readonly gatekeeper: Ref<GatekeeperProtocol>;
  readonly sentinel: Ref<SentinelProtocol>;
}

/** Whoever needs the store waits out a database that is away, however long; machine ms. */
const STORE_TIMEOUT_MS = 86_400_000;

/** Starts the actors in their order: nobody is told anything before it can act on it. */
export async function startActorTree(deps: ActorTreeDeps): Promise<ActorTree> {
  const { machineClock, random, onKitEvent, onEscalation } = deps;
  // Of the sentinel, forked actors get nothing but what is sealed for them.
  const mayForkSend = (to: string, topic: string): boolean =>
    to !== "sentinel" || topic === "leaseSealed";
  const told = { onEvent: onKitEvent, onEscalation };
  const options = { clock: machineClock, random, root: ROOT, mayForkSend, ...told };
  const system = await createActorSystem(options);
  const { clock, store, publish, gate, settings, exchanges } = deps;
  const { pulse, trade } = store;
  const common = { clock, machineClock, publish, gate };
  const reach: TraderDeps["market"] = (exchange) => exchanges.reach(exchange);

  const sentinel = await system.root.spawn(
    sentinelSpec({
      ...common,
      ...deps.secrets,
      pulse,
      tokens: deps.tokens,
      verifyLedger: () => verifySecretLedger(settings.dataDir, deps.secrets.box, pulse),
    }),
  );
  exchanges.lendBy(() => askForOanda(sentinel));
  const architect = await system.root.spawn(
    architectSpec({
      ...common,
      store,
      janitor: new Janitor({
        ...common,
        upkeep: store.upkeep,
        retention: settings.retention,
        random,
      }),
      analyst: (series) => system.find<AnalystProtocol>(analystAddress(series)),
    }),
  );
  const gatekeeper = await system.root.spawn(
    gatekeeperSpec({
      ...common,
      trade,
      rulesOf: deps.rulesOf,
      facts: new MarketFacts((id) => exchanges.market(id), clock, deps.onFactsFailure),
      trader: () => system.find<TraderProtocol>("trader"),
      portfolioOf: deps.portfolioOf,
      lastPrice: deps.lastPrice,
    }),
  );
  const broker = paperBroker(deps, reach);
  await system.root.spawn(traderSpec({ ...common, ...(await tradingDeps(deps, broker, reach)) }));
  const commander = await system.root.spawn(
    commanderSpec(commanderDeps(deps, system, architect, gatekeeper)),
  );
  return { system, broker, commander, gatekeeper, sentinel };
}

/** What the trader needs beyond what all actors have; it waits until its lease was asked for once. */
async function tradingDeps(
  deps: ActorTreeDeps,
  broker: Broker,
  market: TraderDeps["market"],
): Promise<Omit<TraderDeps, "clock" | "machineClock" | "publish" | "gate">> {
  const { clock, machineClock, store, settings, limits, leases, runId, lastPrice } = deps;
  const { pulse, runs, trade } = store;
  const everyMs = settings.snapshotIntervalSeconds * 1_000;
  const bookkeeper = new Bookkeeper({ clock, machineClock, trade, pulse, runs, everyMs, runId });
  await leases.want(TRADER_LEASE);
  return {
    trade,
    broker,
    market,
    bookkeeper,
    lastPrice,
    workerId: leases.holder,
    fence: () => leases.fence(TRADER_LEASE),
    maxQueueAgeMs: limits.maxSignalAgeMs,
    oversight: oversightOf(settings, limits, deps.exchanges, deps.staleness),
  };
}

function commanderDeps(
  deps: ActorTreeDeps,
  system: ActorSystem,
  architect: Ref<ArchitectProtocol>,
  gatekeeper: Ref<GatekeeperProtocol>,
): CommanderDeps {
  const { settings, exchanges, strategies, clock, machineClock, publish, heldPairs } = deps;
  const analyst = (series: Series, seriesId: number): ChildSpec<AnalystProtocol> =>
    analystSpec({
      series,
      seriesId,
      windowLength: () => strategies.candlesFor(series),
      architect,
      gatekeeper,
      createRunner: () => strategies.createRunner(series),
      clock,
      publish,
      storeTimeoutMs: STORE_TIMEOUT_MS,
    });
  return {
    architect,
    exchanges: exchanges.ids,
    reach: (exchange) => exchanges.reach(exchange),
    leases: deps.leases,
    firstPortfolios: firstPortfolios(settings),
    closeDelayMs: settings.pollDelayMs,
    heldPairs,
    historyCandles: (series) => strategies.candlesFor(series),
    strategiesOf: (series) => strategies.signature(series),
    harvester: harvesterSpecs(deps, architect, () => system.find<CommanderProtocol>("commander")),
    analyst,
    clock,
    machineClock,
    publish,
  };
}

function harvesterSpecs(
  { settings, exchanges, leases, clock, machineClock, publish }: ActorTreeDeps,
  architect: Ref<ArchitectProtocol>,
  commander: HarvesterDeps["commander"],
): (exchange: string) => ChildSpec<HarvesterProtocol> {
  const storeTimeoutMs = STORE_TIMEOUT_MS;
  const { steps } = exchanges;
  const common = { architect, commander, clock, machineClock, steps, publish, storeTimeoutMs };
  const inMemory = (exchange: string): ChildSpec<HarvesterProtocol> =>
    harvesterSpec(exchange, async () => {
      const market = await exchanges.open(exchange);
      const mayPoll = (): boolean => leases.fence(exchangeLease(exchange)) !== undefined;
      return { ...common, market: whileAllowed(market, mayPoll) };
    });
  if (!settings.forkHarvesters) return inMemory;
  const module = compiledUrl("./forked-harvester.ts", import.meta.url);
  return (exchange) => {
    // Quotes and books are asked for from here, whoever fetches the candles.
    exchanges.keepClock(exchange);
    const params: ForkedHarvesterParams = {
      exchange,
      baseUrl: exchanges.baseUrl(exchange) ?? null,
      deadlineMs: settings.exchangeDeadlineMs,
      maxSockets: settings.pollConcurrency,
      storeTimeoutMs,
      clock: sharedClock(clock, settings.speed),
    };
    return forkedHarvesterSpec(exchange, module, params, settings.forkSilenceMs);
  };
}

function analystAddress(series: Series): string {
  return `commander/analysts-${shardOf(seriesKey(series))}/${analystId(series)}`;
}

function firstPortfolios({ portfolios }: Settings): Portfolio[] {
  return portfolios.map(({ name, exchange, pairs, timeframes }) => ({
    name,
    series: pairs.flatMap((pair) => timeframes.map((timeframe) => ({ exchange, pair, timeframe }))),
  }));
}
