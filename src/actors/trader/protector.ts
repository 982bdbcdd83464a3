import type { Quote } from "../../exchanges/port.ts";
import { flattening, forbidding, type Halt } from "../../market/halt.ts";
import { isEnded, type OrderRequest } from "../../market/order.ts";
import type { Position } from "../../market/position.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { TradeStore } from "../../store/trade-port.ts";
import { exitDue, exitOrder, waitAfterRefusalMs } from "./exits.ts";
import { instrumentOf, type Markets } from "./outside.ts";

export interface ProtectorDeps {
  readonly trade: TradeStore;
  readonly market: Markets;
  readonly clock: Clock;
  /** Runs a call of the store, however long that is away. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
}

/** Knows which sale a position's stop or target asks for now, or a halt that ends what is held. */
export class Protector {
  readonly #deps: ProtectorDeps;
  /** The attempt at which the next exit of a position begins to look; all earlier ones have ended. */
  readonly #attempts = new Map<string, number>();

  constructor(deps: ProtectorDeps) {
    this.#deps = deps;
  }

  /** Forgets positions that are no longer held. */
  keepOnly(positions: readonly Position[]): void {
    const held = new Set(positions.map(({ id }) => id));
    for (const id of this.#attempts.keys()) if (!held.has(id)) this.#attempts.delete(id);
  }

  /**
   * The order that is due at a quote: the one under way, or a new one once the wait after a refusal
   * is over. Undefined when none is.
   */
  async due(
    position: Position,
    quote: Quote,
    halts: readonly Halt[],
  ): Promise<OrderRequest | undefined> {
    const { trade, market, clock, run } = this.#deps;
    const isForbidden = forbidding(halts, { ...position, side: "sell" }, true) !== undefined;
    const isEnding = flattening(halts, position) !== undefined;
    const trigger = isEnding ? "flatten" : exitDue(position, quote);
    if (isForbidden || trigger === undefined || trigger === "signal") return undefined;
    const instrument = await instrumentOf(market, position);
    if (instrument === undefined) return undefined;
    const first = this.#attempts.get(position.id) ?? 0;
    for (let attempt = first; ; attempt += 1) {
      const order = exitOrder(position, trigger, instrument, quote, attempt);
      if (order === undefined) return undefined;
      this.#attempts.set(position.id, attempt);
      const earlier = await run(() => trade.order(order.clientOrderId));
      if (earlier === undefined || !isEnded(earlier.state)) return order;
      const endedAt = "endedAt" in earlier ? earlier.endedAt : 0;
      const sinceMs = clock.nowMs() - endedAt;
      // A clock that was set back is not waited for.
      if (sinceMs >= 0 && sinceMs < waitAfterRefusalMs(attempt)) return undefined;
    }
  }
}
