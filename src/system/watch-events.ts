import type { Logger } from "pino";
import { createHubView, type HubView } from "../http/view.ts";
import { type HubEvent, traced } from "../market/events.ts";
import { createMetrics, type Metrics } from "../metrics/registry.ts";
import { ALL_CHECKS } from "../risk/checks/all.ts";
import { type Clock, machineClock } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import { EventStream } from "../runtime/event-stream.ts";
import { StoreGate } from "../store/gate.ts";
import type { Store } from "../store/port.ts";
import type { ActorTreeDeps } from "./actor-tree.ts";
import { EXCHANGES } from "./exchanges.ts";
import { kitFact, logEvent } from "./facts-log.ts";
import { HeldPairs } from "./held-pairs.ts";
import { Owners } from "./owners.ts";
import { VERSION } from "./package-root.ts";
import { secretRules } from "./secret-rules.ts";
import type { StrategyPlan } from "./strategy-plan.ts";

/** Events kept for those who come back and ask what they missed. */
const EVENTS_KEPT = 20_000;

/** Whoever listens to what happens: logs, metrics, the picture for dashboards, who holds what. */
export interface Watching {
  readonly events: EventStream<HubEvent>;
  readonly metrics: Metrics;
  readonly view: HubView;
  /** The parts of it that the actors speak to or ask. */
  readonly forActors: Pick<
    ActorTreeDeps,
    "publish" | "gate" | "onKitEvent" | "onFactsFailure" | "portfolioOf" | "heldPairs" | "lastPrice"
  >;
}

/** Opens the event stream and subscribes everybody, before the first actor has anything to say. */
export async function watchEvents(
  store: Store,
  clock: Clock,
  log: Logger,
  strategies: StrategyPlan,
): Promise<Watching> {
  const events = new EventStream<HubEvent>({
    clock,
    keep: EVENTS_KEPT,
    onListenerError: (err) => log.error({ err }, "a listener of the event stream failed"),
  });
  const metrics = createMetrics({
    clock,
    machineClock,
    version: VERSION,
    commit: "",
    strategies: strategies.registry.ids(),
    checks: ALL_CHECKS.map(({ name }) => name),
    askers: secretRules(EXCHANGES).map(({ who }) => who),
  });
  const publish = (event: HubEvent): void => void events.publish(traced(event));
  const gate = new StoreGate(machineClock, publish);
  const view = createHubView({ store, events, gate, clock, machineClock });
  const owners = new Owners(store.watch, (portfolios) => metrics.setPortfolios(portfolios));
  await owners.refresh();
  for (const state of ["pending", "missing"] as const) {
    metrics.setOpenGaps(await store.gaps.list({ state, limit: 1_000 }));
  }
  const held = new HeldPairs();
  const positions = await store.trade.positions({ open: true, limit: 1_000 });
  for (const { exchange, pair } of positions) held.hold(exchange, pair);
  events.subscribe((recorded) => {
    logEvent(log, recorded.event);
    held.onEvent(recorded.event);
    owners.onEvent(recorded.event);
    metrics.onHubEvent(recorded);
  });
  const onKitEvent: ActorTreeDeps["onKitEvent"] = (event) => {
    metrics.onKitEvent(event);
    const fact = kitFact(log, event);
    if (fact !== undefined) publish(fact);
  };
  return {
    events,
    metrics,
    view,
    forActors: {
      publish,
      gate,
      onKitEvent,
      onFactsFailure: (what, error) =>
        log.warn({ actor: "gatekeeper" }, `${what}: ${messageOf(error)}`),
      portfolioOf: (series) => owners.of(series),
      heldPairs: (exchange) => held.of(exchange),
      lastPrice: (exchange, pair) => view.price(exchange, pair),
    },
  };
}
