import type { Broker } from "../../exchanges/port.ts";
import type { Order } from "../../market/order.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Fence } from "../../store/lease-port.ts";
import type { TradeStore } from "../../store/trade-port.ts";
import type { Mismatch } from "./compare-books.ts";
import { findOrder } from "./outside.ts";
import type { Settler } from "./settler.ts";

export interface ReconcilerDeps {
  readonly trade: TradeStore;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly settler: Settler;
  /** Puts a pair into quarantine. */
  readonly isolate: (mismatch: Mismatch) => Promise<void>;
  /** Runs a call of the store, however long that is away. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
}

/** A cut-off order may reach the venue late: before this it is not declared lost, hub ms. */
const LATE_ARRIVAL_MS = 30_000;

/** Finds out what became of orders whose end is not known. */
export class Reconciler {
  readonly #deps: ReconcilerDeps;

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps;
  }

  /** An unknown outcome is settled by the venue's word alone; until it speaks, nothing is assumed. */
  async settle(order: Order, fence: Fence): Promise<void> {
    const { trade, broker, settler, run } = this.#deps;
    // One that waits in the queue is sent from there.
    if (order.state === "created" && order.origin === "signal") return;
    const found = await findOrder(broker, order);
    if (found.kind === "silent") return;
    if (found.kind === "found") {
      const { outcome } = found;
      const isNews = outcome.kind !== "accepted" || outcome.state !== order.state;
      const known = await run(() => trade.fillIds(order.clientOrderId));
      const fills = outcome.kind === "accepted" ? outcome.fills.length : 0;
      if (isNews || fills > known.length) await settler.told(order, outcome, fence);
      return;
    }
    if (order.state === "open") {
      const reason = `order ${order.clientOrderId} is open in the books, and the venue does not know it`;
      await this.#deps.isolate({ exchange: order.exchange, pair: order.pair, reason });
      return;
    }
    const sentAt = "sentAt" in order ? order.sentAt : order.createdAt;
    if (!this.isTooLate(sentAt)) return;
    // The venue never had it, and by now it will not get it any more.
    await settler.giveUp(order, "the venue never received it", fence);
  }

  /** Whether an order sent at an instant can no longer reach the venue. */
  isTooLate(sentAt: number): boolean {
    return this.#deps.clock.nowMs() - sentAt >= LATE_ARRIVAL_MS;
  }
}
