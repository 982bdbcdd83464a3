import type { Broker, MarketData, OrderOutcome, Quote } from "../../exchanges/port.ts";
import { PRIORITY } from "../../exchanges/port.ts";
import { decimal, floorToStep, text } from "../../market/decimal.ts";
import type { HubEvent } from "../../market/events.ts";
import { isEnded, type Order, type OrderRequest } from "../../market/order.ts";
import { type Position, realizedPnl } from "../../market/position.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import type { Handlers } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import { StoreGate } from "../../store/gate.ts";
import type { Settlement, TradeStore } from "../../store/trade-port.ts";
import type { Bookkeeper } from "./bookkeeper.ts";
import { exitDue, exitOrder, waitAfterRefusalMs } from "./exits.ts";
import { findOrder, instrumentOf, quotesOf } from "./outside.ts";
import type { TraderProtocol } from "./protocol.ts";
import { settlementOf } from "./settlement.ts";

export interface TraderDeps {
  readonly trade: TradeStore;
  readonly broker: Broker;
  readonly market: (exchange: string) => MarketData | undefined;
  readonly bookkeeper: Bookkeeper;
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly publish: (event: HubEvent) => void;
  /** Tells this hub's claims from those of another. */
  readonly workerId: string;
}

/** Orders taken from the queue at once. */
const CLAIM_COUNT = 20;
/** After this long a claim that was not ended is free for somebody else, ms. */
const CLAIM_VISIBILITY_MS = 60_000;
/** A cut-off order may reach the venue late: before this it is not declared lost, hub ms. */
const LATE_ARRIVAL_MS = 30_000;
/** How often stops and unknown outcomes are looked at, machine ms. */
const GUARD_EVERY_MS = 500;

/**
 * Turns queued orders into fills, and watches what is held until it is sold.
 *
 * Keeps nothing: after a restart it takes up every order the store says is not ended, and asks the
 * broker about each before it sends anything. While it is down nothing is bought or sold.
 */
export class Trader implements Handlers<TraderProtocol> {
  readonly #deps: TraderDeps;
  readonly #context: ActorContext<TraderProtocol>;
  readonly #gate: StoreGate;
  #cancelGuard: Cancel | undefined;
  /** The attempt at which the next exit of a position begins to look; all earlier ones have ended. */
  readonly #exitAttempts = new Map<string, number>();

  constructor(deps: TraderDeps, context: ActorContext<TraderProtocol>) {
    this.#deps = deps;
    this.#context = context;
    this.#gate = new StoreGate(deps.machineClock, deps.publish);
  }

  start(): void {
    this.#context.self.tell("work", null);
    this.#windGuard();
  }

  stop(): void {
    this.#cancelGuard?.();
  }

  async work(): Promise<void> {
    const { trade, workerId } = this.#deps;
    for (;;) {
      const claim = (): ReturnType<TradeStore["claim"]> =>
        trade.claim(workerId, CLAIM_COUNT, CLAIM_VISIBILITY_MS);
      const items = await this.#run(claim);
      if (items.length === 0) return;
      for (const item of items) {
        // An order that cannot be judged yet stays claimed, and comes back when the claim runs out.
        if (await this.#execute(item.order)) await this.#run(() => trade.finish(item, workerId));
      }
    }
  }

  async guard(): Promise<void> {
    const { trade, bookkeeper } = this.#deps;
    for (const order of await this.#working()) await this.#reconcile(order);
    const positions = await this.#run(() => trade.positions({ open: true, limit: 1_000 }));
    const quotes = await quotesOf(this.#deps.market, positions);
    const held = new Set(positions.map((position) => position.id));
    for (const id of this.#exitAttempts.keys()) if (!held.has(id)) this.#exitAttempts.delete(id);
    for (const position of positions) {
      const quote = quotes.get(`${position.exchange}:${position.pair}`);
      if (quote !== undefined) await this.#protect(position, quote);
    }
    await this.#run(() => bookkeeper.keep(positions, quotes));
  }

  /**
   * Writes the order down, asks about it when it is not new, and only then sends it, once. False when
   * its time has not come: it may have been sent just before a crash and still arrive, or another sale
   * of the pair is under way, and what that leaves is not known yet.
   */
  async #execute(request: OrderRequest): Promise<boolean> {
    const { trade, broker, clock } = this.#deps;
    if (request.side === "sell" && (await this.#isSelling(request))) return false;
    const { order, created } = await this.#run(() => trade.createOrder(request, clock.nowMs()));
    // What was sent and cut off is settled by the guard, by the venue's word alone.
    if (isEnded(order.state) || order.state === "unknown" || order.state === "open") return true;
    if (!created) {
      const earlier = await findOrder(this.#deps.broker, order);
      if (earlier.kind === "found") return this.#settle(order, earlier.outcome);
      if (earlier.kind === "silent" || !this.#isTooLate(order.createdAt)) return false;
    }
    const position = await this.#position(request);
    const sendable = await this.#sendable(request, position);
    if (sendable === undefined) {
      return this.#settle(order, { kind: "rejected", reason: "nothing left to sell" });
    }
    return this.#settle(order, await broker.place(sendable, { priority: PRIORITY.order }));
  }

  /** Whether another sale of the same pair has not ended. */
  async #isSelling({ clientOrderId, exchange, pair }: OrderRequest): Promise<boolean> {
    return (await this.#working()).some(
      (other) =>
        other.side === "sell" &&
        other.exchange === exchange &&
        other.pair === pair &&
        other.clientOrderId !== clientOrderId,
    );
  }

  /** An unknown outcome is settled by the venue's word alone; until it speaks, nothing is assumed. */
  async #reconcile(order: Order): Promise<void> {
    // One that waits in the queue is sent from there.
    if (order.state === "created" && order.origin === "signal") return;
    const found = await findOrder(this.#deps.broker, order);
    if (found.kind === "silent") return;
    if (found.kind === "found") {
      const { outcome } = found;
      const isNews = outcome.kind !== "accepted" || outcome.state !== order.state;
      const known = await this.#run(() => this.#deps.trade.fillIds(order.clientOrderId));
      const fills = outcome.kind === "accepted" ? outcome.fills.length : 0;
      if (isNews || fills > known.length) await this.#settle(order, outcome);
      return;
    }
    const sentAt = "sentAt" in order ? order.sentAt : order.createdAt;
    if (order.state === "open" || !this.#isTooLate(sentAt)) return;
    // The venue never had it, and by now it will not get it any more.
    await this.#settle(order, { kind: "rejected", reason: "the venue never received it" });
  }

  /** Whether an order sent at an instant can no longer reach the venue. */
  #isTooLate(sentAt: number): boolean {
    return this.#deps.clock.nowMs() - sentAt >= LATE_ARRIVAL_MS;
  }

  /** A stop may have sold since the signal: what is sold is at most what is held. */
  async #sendable(
    request: OrderRequest,
    position: Position | undefined,
  ): Promise<OrderRequest | undefined> {
    if (request.side === "buy") return request;
    const held = decimal(position?.quantity ?? "0");
    if (held.gte(decimal(request.quantity))) return request;
    const instrument = await instrumentOf(this.#deps.market, request);
    if (instrument === undefined) return undefined;
    const quantity = floorToStep(held, decimal(instrument.quantityStep));
    return quantity.isZero() ? undefined : { ...request, quantity: text(quantity) };
  }

  async #protect(position: Position, quote: Quote): Promise<void> {
    const trigger = exitDue(position, quote);
    if (trigger === undefined || trigger === "signal") return;
    const instrument = await instrumentOf(this.#deps.market, position);
    if (instrument === undefined) return;
    const first = this.#exitAttempts.get(position.id) ?? 0;
    for (let attempt = first; ; attempt += 1) {
      const order = exitOrder(position, trigger, instrument, quote, attempt);
      if (order === undefined) return;
      this.#exitAttempts.set(position.id, attempt);
      const earlier = await this.#run(() => this.#deps.trade.order(order.clientOrderId));
      if (earlier === undefined || !isEnded(earlier.state)) {
        await this.#execute(order);
        return;
      }
      const endedAt = "endedAt" in earlier ? earlier.endedAt : 0;
      if (this.#deps.clock.nowMs() - endedAt < waitAfterRefusalMs(attempt)) return;
    }
  }

  /** Writes down what became of an order, and tells it. */
  async #settle(order: Order, outcome: OrderOutcome): Promise<true> {
    const { trade, clock } = this.#deps;
    const position = await this.#position(order);
    const known = new Set(await this.#run(() => trade.fillIds(order.clientOrderId)));
    const now = clock.nowMs();
    const change = settlementOf(order, order.createdAt, outcome, known, position, now);
    await this.#run(() => trade.settle(change));
    this.#announce(change);
    return true;
  }

  #announce({ order, fills, position }: Settlement): void {
    const { publish } = this.#deps;
    const { clientOrderId, exchange, pair, side, state, origin } = order;
    const reason = "reason" in order ? { reason: order.reason } : {};
    publish({ kind: "order-changed", clientOrderId, exchange, pair, side, state, ...reason });
    for (const { quantity, price, fee } of fills) {
      publish({ kind: "order-filled", clientOrderId, exchange, pair, side, quantity, price, fee });
    }
    if (position?.closedAt !== undefined && fills.length > 0) {
      publish({ kind: "position-closed", exchange, pair, pnl: realizedPnl(position), origin });
    }
  }

  /** Orders that have not ended. */
  #working(): Promise<readonly Order[]> {
    return this.#run(() => this.#deps.trade.orders({ working: true, limit: 500 }));
  }

  #position({ exchange, pair }: OrderRequest): Promise<Position | undefined> {
    return this.#run(() => this.#deps.trade.position(exchange, pair));
  }

  #windGuard(): void {
    this.#cancelGuard = this.#deps.machineClock.after(GUARD_EVERY_MS, () => {
      this.#context.self.tell("guard", null);
      // A claim whose worker died comes free again without anybody being told.
      this.#context.self.tell("work", null);
      this.#windGuard();
    });
  }

  #run<T>(call: () => Promise<T>): Promise<T> {
    return this.#gate.run(this.#context.signal, call);
  }
}

/** How the system starts the trader. */
export function traderSpec(deps: TraderDeps): LocalSpec<TraderProtocol> {
  return {
    id: "trader",
    topics: { work: true, guard: true },
    create: (context) => new Trader(deps, context),
    // Being told twice that there is work says no more than being told once.
    mailbox: { capacity: 100, overflow: "dropOldest" },
    stopTimeoutMs: 15_000,
  };
}
