import type { Broker } from "../../exchanges/port.ts";
import { PRIORITY } from "../../exchanges/port.ts";
import { decimal } from "../../market/decimal.ts";
import { forbidding, scopeKey } from "../../market/halt.ts";
import { isEnded, type Order, type OrderRequest } from "../../market/order.ts";
import type { Position } from "../../market/position.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Fence } from "../../store/lease-port.ts";
import type { TradeStore } from "../../store/trade-port.ts";
import { findOrder, type Markets } from "./outside.ts";
import type { Reconciler } from "./reconciler.ts";
import { sendable } from "./sendable.ts";
import type { Settler } from "./settler.ts";

export interface SenderDeps {
  readonly trade: TradeStore;
  readonly broker: Broker;
  readonly market: Markets;
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly settler: Settler;
  readonly reconciler: Reconciler;
  /** Whether nobody else can have traded since the fence was taken. */
  readonly holds: (fence: Fence) => boolean;
  /** Runs a call of the store, however long that is away. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
}

/** The last gate: takes an order to the venue once, or says why it is not taken there. */
export class Sender {
  readonly #deps: SenderDeps;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  /**
   * Writes the order down, asks about it when it is not new, and only then sends it, once. False when
   * its time has not come: it may have been sent just before a crash and still arrive, or another sale
   * of the pair is under way, and what that leaves is not known yet. False as well once the lease is lost.
   * @param isCurrent whether what it was decided on still holds: the database may have been away since.
   */
  async send(request: OrderRequest, fence: Fence, isCurrent: () => boolean): Promise<boolean> {
    const { trade, clock, settler, reconciler, holds, run } = this.#deps;
    if (!holds(fence)) return false;
    if (request.side === "sell" && (await this.#isSelling(request))) return false;
    const { order, created } = await run(() => trade.createOrder(request, clock.nowMs(), fence));
    // What was sent and cut off is settled by the guard, by the venue's word alone.
    if (isEnded(order.state) || order.state === "unknown" || order.state === "open") return true;
    if (!created) {
      const earlier = await findOrder(this.#deps.broker, order);
      if (earlier.kind === "found") {
        await settler.told(order, earlier.outcome, fence);
        return true;
      }
      if (earlier.kind === "silent" || !reconciler.isTooLate(order.createdAt)) return false;
    }
    return this.#place(request, order, fence, isCurrent);
  }

  /** Orders that have not ended. */
  working(): Promise<readonly Order[]> {
    return this.#deps.run(() => this.#deps.trade.orders({ working: true, limit: 500 }));
  }

  async #place(
    request: OrderRequest,
    order: Order,
    fence: Fence,
    isCurrent: () => boolean,
  ): Promise<boolean> {
    const { broker, market, machineClock, settler, holds } = this.#deps;
    const position = await settler.position(request);
    const toSend = await sendable(market, request, position);
    const obstacle = await this.#obstacle(request, position, isCurrent);
    if (toSend === undefined || obstacle !== undefined) {
      await settler.giveUp(order, obstacle ?? "nothing left to sell", fence);
      return true;
    }
    // The last look: between here and the venue only the client order id keeps it from being sent twice.
    if (!holds(fence)) return false;
    const sentAt = machineClock.monotonicMs();
    const outcome = await broker.place(toSend, { priority: PRIORITY.order });
    await settler.told(order, outcome, fence, machineClock.monotonicMs() - sentAt);
    return true;
  }

  /**
   * Why an order may no longer be sent, although it was once accepted; undefined when it may. Halts
   * are read last: one that is written down by now holds back what waits in the queue as well.
   */
  async #obstacle(
    request: OrderRequest,
    position: Position | undefined,
    isCurrent: () => boolean,
  ): Promise<string | undefined> {
    const isHolding = position !== undefined && !decimal(position.quantity).isZero();
    const halts = await this.#deps.run(() => this.#deps.trade.halts());
    const halt = forbidding(halts, request, isHolding);
    if (halt !== undefined) {
      return `trading is halted: ${scopeKey(halt.scope)} (${halt.mode}) by ${halt.by}: ${halt.reason}`;
    }
    return isCurrent() ? undefined : "it came too late";
  }

  /** Whether another sale of the same pair has not ended. */
  async #isSelling({ clientOrderId, exchange, pair }: OrderRequest): Promise<boolean> {
    return (await this.working()).some(
      (other) =>
        other.side === "sell" &&
        other.exchange === exchange &&
        other.pair === pair &&
        other.clientOrderId !== clientOrderId,
    );
  }
}
