import type { Broker } from "../../exchanges/port.ts";
import { PRIORITY } from "../../exchanges/port.ts";
import type { HubEvent } from "../../market/events.ts";
import { isEnded, type Order, type OrderRequest } from "../../market/order.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import type { Handlers } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import { isLeaseLost, StoreFailure } from "../../store/errors.ts";
import type { StoreGate } from "../../store/gate.ts";
import type { Fence } from "../../store/lease-port.ts";
import type { TradeStore } from "../../store/trade-port.ts";
import type { Bookkeeper } from "./bookkeeper.ts";
import { findOrder, type Markets, quotesOf } from "./outside.ts";
import { Protector } from "./protector.ts";
import type { TraderProtocol } from "./protocol.ts";
import { Reconciler } from "./reconciler.ts";
import { sendable } from "./sendable.ts";
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
  readonly #protector: Protector;
  readonly #reconciler: Reconciler;
  #cancelGuard: Cancel | undefined;
  /** What it has told itself to do and not begun: told once more, it would only fill the mailbox. */
  readonly #due = new Set<"work" | "guard">();

  constructor(deps: TraderDeps, context: ActorContext<TraderProtocol>) {
    this.#deps = deps;
    this.#context = context;
    const run = <T>(call: () => Promise<T>): Promise<T> => this.#run(call);
    this.#settler = new Settler({ ...deps, run });
    this.#protector = new Protector({ ...deps, run });
    this.#reconciler = new Reconciler({ ...deps, settler: this.#settler, run });
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
    for (const order of await this.#working()) {
      if (this.#holds(fence)) await this.#reconciler.settle(order, fence);
    }
    const positions = await this.#run(() => trade.positions({ open: true, limit: 1_000 }));
    const quotes = await quotesOf(this.#deps.market, positions);
    const quotedAt = machineClock.monotonicMs();
    const isCurrent = (): boolean => machineClock.monotonicMs() - quotedAt <= QUOTE_LIFE_MS;
    this.#protector.keepOnly(positions);
    for (const position of positions) {
      const quote = quotes.get(`${position.exchange}:${position.pair}`);
      const exit = quote && (await this.#protector.due(position, quote));
      if (exit !== undefined && isCurrent()) await this.#execute(exit, fence, isCurrent);
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
    const { trade, broker, clock, machineClock } = this.#deps;
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
      if (earlier.kind === "silent" || !this.#reconciler.isTooLate(order.createdAt)) return false;
    }
    const position = await this.#settler.position(request);
    const toSend = await sendable(this.#deps.market, request, position);
    const obstacle = await this.#obstacle(request, isCurrent);
    if (toSend === undefined || obstacle !== undefined) {
      await this.#settler.giveUp(order, obstacle ?? "nothing left to sell", fence);
      return true;
    }
    // The last look: between here and the venue only the client order id keeps it from being sent twice.
    if (!this.#holds(fence)) return false;
    const sentAt = machineClock.monotonicMs();
    const outcome = await broker.place(toSend, { priority: PRIORITY.order });
    await this.#settler.told(order, outcome, fence, machineClock.monotonicMs() - sentAt);
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
