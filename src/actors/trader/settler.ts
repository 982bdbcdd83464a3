import type { OrderOutcome } from "../../exchanges/port.ts";
import type { HubEvent } from "../../market/events.ts";
import type { Order } from "../../market/order.ts";
import { type Position, realizedPnl } from "../../market/position.ts";
import { type Origin, traceIdOf } from "../../market/trace.ts";
import type { Clock } from "../../runtime/clock.ts";
import { isLeaseLost } from "../../store/errors.ts";
import type { Fence } from "../../store/lease-port.ts";
import type { Settlement, TradeStore } from "../../store/trade-port.ts";
import type { Mismatch } from "./compare-books.ts";
import { settlementOf } from "./settlement.ts";

export interface SettlerDeps {
  readonly trade: TradeStore;
  readonly clock: Clock;
  readonly publish: (event: HubEvent) => void;
  /** Puts a pair into quarantine. */
  readonly isolate: (mismatch: Mismatch) => Promise<void>;
  /** Runs a call of the store, however long that is away. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
}

/** Writes down what became of orders, and tells it. */
export class Settler {
  readonly #deps: SettlerDeps;

  constructor(deps: SettlerDeps) {
    this.#deps = deps;
  }

  /** The open position in a pair. */
  position({ exchange, pair }: { exchange: string; pair: string }): Promise<Position | undefined> {
    return this.#deps.run(() => this.#deps.trade.position(exchange, pair));
  }

  /**
   * Settles what a venue says. That is a fact, whoever trades by now: behind a fence that has fallen
   * it is worked out once more, since the position may have moved on, and written all the same.
   * @param ackMs how long the venue took to say it, where it was asked just now.
   */
  async told(order: Order, outcome: OrderOutcome, fence: Fence, ackMs?: number): Promise<void> {
    try {
      await this.#write(order, outcome, fence, ackMs);
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
      await this.#write(order, outcome, undefined, ackMs);
    }
  }

  /**
   * Gives an order up by our own judgement.
   * @throws StoreFailure `lease-lost` when judging is somebody else's by now.
   */
  async giveUp(order: Order, reason: string, fence: Fence): Promise<void> {
    await this.#write(order, { kind: "rejected", reason }, fence);
  }

  async #write(
    order: Order,
    outcome: OrderOutcome,
    fence: Fence | undefined,
    ackMs?: number,
  ): Promise<void> {
    const { trade, clock, run } = this.#deps;
    const position = await this.position(order);
    const known = new Set(await run(() => trade.fillIds(order.clientOrderId)));
    const now = clock.nowMs();
    const change = await this.#workOut(order, outcome, known, position, now);
    if (change === undefined) return;
    await run(() => trade.settle(change, fence));
    // It is written down by now: a fact is told without its trace rather than not at all.
    const origin = await trade.origin(order.clientOrderId).catch(() => undefined);
    this.#announce(change, origin, outcome.kind === "unknown" ? undefined : ackMs);
  }

  /**
   * More sold than is held can only mean that somebody else sold as well: the books stay as they are,
   * and nothing more is done with the pair until people have looked. Undefined when that is known.
   */
  async #workOut(
    order: Order,
    outcome: OrderOutcome,
    known: ReadonlySet<string>,
    position: Position | undefined,
    now: number,
  ): Promise<Settlement | undefined> {
    const settle = (what: OrderOutcome): Settlement =>
      settlementOf(order, order.createdAt, what, known, position, now);
    try {
      return settle(outcome);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const { clientOrderId, exchange, pair } = order;
      const reason = `order ${clientOrderId}: ${error.message}`;
      await this.#deps.isolate({ exchange, pair, reason });
      return order.state === "unknown" ? undefined : settle({ kind: "unknown", reason });
    }
  }

  #announce(
    { order, fills, position }: Settlement,
    candle: Origin | undefined,
    ackMs: number | undefined,
  ): void {
    const traceId = candle === undefined ? {} : { traceId: traceIdOf(candle) };
    const publish = (event: HubEvent): void => this.#deps.publish({ ...event, ...traceId });
    const { clientOrderId, exchange, pair, side, state, origin, referencePrice } = order;
    const more = {
      ...("reason" in order ? { reason: order.reason } : {}),
      ...(ackMs === undefined ? {} : { ackMs }),
    };
    publish({ kind: "order-changed", clientOrderId, exchange, pair, side, state, ...more });
    for (const { quantity, price, fee } of fills) {
      const filled = { clientOrderId, exchange, pair, side, quantity, price, referencePrice, fee };
      publish({ kind: "order-filled", ...filled });
    }
    if (position?.closedAt !== undefined && fills.length > 0) {
      publish({ kind: "position-closed", exchange, pair, pnl: realizedPnl(position), origin });
    }
  }
}
