import type { Broker, Quote } from "../../exchanges/port.ts";
import { PRIORITY } from "../../exchanges/port.ts";
import { decimal, floorToStep, text } from "../../market/decimal.ts";
import type { HubEvent } from "../../market/events.ts";
import { isEnded, type Order, type OrderRequest } from "../../market/order.ts";
import type { Position } from "../../market/position.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import type { Handlers } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import { isLeaseLost, StoreFailure } from "../../store/errors.ts";
import type { StoreGate } from "../../store/gate.ts";
import type { Fence } from "../../store/lease-port.ts";
import type { TradeStore } from "../../store/trade-port.ts";
import type { Bookkeeper } from "./bookkeeper.ts";
import { exitDue, exitOrder, waitAfterRefusalMs } from "./exits.ts";
import { findOrder, instrumentOf, type Markets, quotesOf } from "./outside.ts";
import type { TraderProtocol } from "./protocol.ts";
import { Settler } from "./settler.ts";

export interface TraderDeps {
  readonly trade: TradeStore;
  readonly broker: Broker;
  readonly market: Markets;
  readonly bookkeeper: Bookkeeper;
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly gate: StoreGate;
  readonly publish: (event: HubEvent) => void;
  /** A buy that has waited longer in the queue is given up, hub ms. */
  readonly maxQueueAgeMs: number;
  /** Tells this hub's claims from those of another. */
  readonly workerId: string;
  /** The hold on the traders' lease as it is this moment; undefined while another hub trades. */
  readonly fence: () => Fence | undefined;
}

/** Orders taken from the queue at once. */
const CLAIM_COUNT = 20;
/** After this long a claim that was not ended is free for somebody else, ms. */
const CLAIM_VISIBILITY_MS = 60_000;
/** A cut-off order may reach the venue late: before this it is not declared lost, hub ms. */
const LATE_ARRIVAL_MS = 30_000;
/** How often stops and unknown outcomes are looked at, machine ms. */
const GUARD_EVERY_MS = 500;
/** After this long a quote no longer says that a position is to be sold, machine ms. */
const QUOTE_LIFE_MS = 10_000;

/**
 * Turns queued orders into fills, and watches what is held until it is sold.
 *
 * Keeps nothing: after a restart it takes up every order the store says is not ended, and asks the
 * broker about each before it sends anything. While it is down nothing is bought or sold.
 *
 * Acts only behind the fence of the traders' lease, of which there is one for all hubs on a database.
 * Without it, it stands by; once it is lost, what is under way is left to whoever trades next, who
 * finds it as after a crash.
 */
export class Trader implements Handlers<TraderProtocol> {
  readonly #deps: TraderDeps;
  readonly #context: ActorContext<TraderProtocol>;
  readonly #settler: Settler;
  #cancelGuard: Cancel | undefined;
  /** What it has told itself to do and not begun: told once more, it would only fill the mailbox. */
  readonly #due = new Set<"work" | "guard">();
  /** The attempt at which the next exit of a position begins to look; all earlier ones have ended. */
  readonly #exitAttempts = new Map<string, number>();

  constructor(deps: TraderDeps, context: ActorContext<TraderProtocol>) {
    this.#deps = deps;
    this.#context = context;
    this.#settler = new Settler({ ...deps, run: (call) => this.#run(call) });
  }

  start(): void {
    this.#remind("work");
    this.#windGuard();
  }

  stop(): void {
    this.#cancelGuard?.();
  }

  async work(): Promise<void> {
    this.#due.delete("work");
    await this.#behindFence((fence) => this.#workOff(fence));
  }

  async guard(): Promise<void> {
    this.#due.delete("guard");
    await this.#behindFence((fence) => this.#lookAfter(fence));
  }

  async #behindFence(act: (fence: Fence) => Promise<void>): Promise<void> {
    const fence = this.#deps.fence();
    if (fence === undefined) return;
    try {
      await act(fence);
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
    }
  }

  async #workOff(fence: Fence): Promise<void> {
    const { trade, workerId, clock, maxQueueAgeMs } = this.#deps;
    const claim = (): ReturnType<TradeStore["claim"]> =>
      trade.claim(workerId, CLAIM_COUNT, CLAIM_VISIBILITY_MS, fence);
    while (this.#holds(fence)) {
      const items = await this.#run(claim);
      if (items.length === 0) return;
      for (const item of items) {
        const { order, enqueuedAt } = item;
        const isCurrent = (): boolean =>
          order.side === "sell" || clock.nowMs() - enqueuedAt <= maxQueueAgeMs;
        // An order that cannot be judged yet stays claimed, and comes back when the claim runs out.
        const isDone = await this.#execute(order, fence, isCurrent);
        if (isDone && this.#holds(fence)) {
          await this.#run(() => trade.finish(item, workerId)).catch(unlessTakenOver);
        }
      }
    }
  }

  async #lookAfter(fence: Fence): Promise<void> {
    const { trade, bookkeeper, machineClock } = this.#deps;
    for (const order of await this.#working()) await this.#reconcile(order, fence);
    const positions = await this.#run(() => trade.positions({ open: true, limit: 1_000 }));
    const quotes = await quotesOf(this.#deps.market, positions);
    const quotedAt = machineClock.monotonicMs();
    const isCurrent = (): boolean => machineClock.monotonicMs() - quotedAt <= QUOTE_LIFE_MS;
    const held = new Set(positions.map((position) => position.id));
    for (const id of this.#exitAttempts.keys()) if (!held.has(id)) this.#exitAttempts.delete(id);
    for (const position of positions) {
      const quote = quotes.get(`${position.exchange}:${position.pair}`);
      if (quote !== undefined) await this.#protect(position, quote, fence, isCurrent);
    }
    await this.#run(async () => {
      if (this.#holds(fence) && isCurrent()) await bookkeeper.keep(positions, quotes);
    });
  }

  /**
   * Writes the order down, asks about it when it is not new, and only then sends it, once. False when
   * its time has not come: it may have been sent just before a crash and still arrive, or another sale
   * of the pair is under way, and what that leaves is not known yet. False as well once the lease is lost.
   * @param isCurrent whether what it was decided on still holds: the database may have been away since.
   */
  async #execute(request: OrderRequest, fence: Fence, isCurrent: () => boolean): Promise<boolean> {
    const { trade, broker, clock } = this.#deps;
    if (!this.#holds(fence)) return false;
    if (request.side === "sell" && (await this.#isSelling(request))) return false;
    const create = (): ReturnType<TradeStore["createOrder"]> =>
      trade.createOrder(request, clock.nowMs(), fence);
    const { order, created } = await this.#run(create);
    // What was sent and cut off is settled by the guard, by the venue's word alone.
    if (isEnded(order.state) || order.state === "unknown" || order.state === "open") return true;
    if (!created) {
      const earlier = await findOrder(broker, order);
      if (earlier.kind === "found") {
        await this.#settler.told(order, earlier.outcome, fence);
        return true;
      }
      if (earlier.kind === "silent" || !this.#isTooLate(order.createdAt)) return false;
    }
    const sendable = await this.#sendable(request, await this.#settler.position(request));
    if (sendable === undefined) {
      await this.#settler.giveUp(order, "nothing left to sell", fence);
      return true;
    }
    const obstacle = await this.#obstacle(request, isCurrent);
    if (obstacle !== undefined) {
      await this.#settler.giveUp(order, obstacle, fence);
      return true;
    }
    // The last look: between here and the venue only the client order id keeps it from being sent twice.
    if (!this.#holds(fence)) return false;
    const outcome = await broker.place(sendable, { priority: PRIORITY.order });
    await this.#settler.told(order, outcome, fence);
    return true;
  }

  /** Why an order may no longer be sent, although it was once accepted; undefined when it may. */
  async #obstacle(request: OrderRequest, isCurrent: () => boolean): Promise<string | undefined> {
    // A halt stops all buying, what waits in the queue included; what is held may be sold.
    const halt = request.side === "buy" ? await this.#run(() => this.#deps.trade.halted()) : null;
    if (halt !== null) return "trading is halted";
    return isCurrent() ? undefined : "it came too late";
  }

  /** Whether nobody else can have traded since the fence was taken. */
  #holds({ epoch }: Fence): boolean {
    return this.#deps.fence()?.epoch === epoch;
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
  async #reconcile(order: Order, fence: Fence): Promise<void> {
    // One that waits in the queue is sent from there.
    if (order.state === "created" && order.origin === "signal") return;
    if (!this.#holds(fence)) return;
    const found = await findOrder(this.#deps.broker, order);
    if (found.kind === "silent") return;
    if (found.kind === "found") {
      const { outcome } = found;
      const isNews = outcome.kind !== "accepted" || outcome.state !== order.state;
      const known = await this.#run(() => this.#deps.trade.fillIds(order.clientOrderId));
      const fills = outcome.kind === "accepted" ? outcome.fills.length : 0;
      if (isNews || fills > known.length) await this.#settler.told(order, outcome, fence);
      return;
    }
    const sentAt = "sentAt" in order ? order.sentAt : order.createdAt;
    if (order.state === "open" || !this.#isTooLate(sentAt)) return;
    // The venue never had it, and by now it will not get it any more.
    await this.#settler.giveUp(order, "the venue never received it", fence);
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

  async #protect(
    position: Position,
    quote: Quote,
    fence: Fence,
    isCurrent: () => boolean,
  ): Promise<void> {
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
        if (isCurrent()) await this.#execute(order, fence, isCurrent);
        return;
      }
      const endedAt = "endedAt" in earlier ? earlier.endedAt : 0;
      if (this.#deps.clock.nowMs() - endedAt < waitAfterRefusalMs(attempt)) return;
    }
  }

  /** Orders that have not ended. */
  #working(): Promise<readonly Order[]> {
    return this.#run(() => this.#deps.trade.orders({ working: true, limit: 500 }));
  }

  #windGuard(): void {
    this.#cancelGuard = this.#deps.machineClock.after(GUARD_EVERY_MS, () => {
      this.#remind("guard");
      // A claim whose worker died comes free again without anybody being told.
      this.#remind("work");
      this.#windGuard();
    });
  }

  #remind(topic: "work" | "guard"): void {
    if (this.#due.has(topic)) return;
    this.#due.add(topic);
    this.#context.self.tell(topic, null);
  }

  #run<T>(call: () => Promise<T>): Promise<T> {
    return this.#deps.gate.run(this.#context.signal, call);
  }
}

/** Whoever took a claim over after it ran out ends it; the order itself is the same one. */
function unlessTakenOver(error: unknown): void {
  if (!(error instanceof StoreFailure) || error.reason !== "stale-claim") throw error;
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
