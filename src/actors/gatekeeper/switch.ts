import type { HubEvent } from "../../market/events.ts";
import { type HaltOrder, type HaltScope, scopeKey } from "../../market/halt.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Ref } from "../../runtime/protocol.ts";
import type { TradeStore } from "../../store/trade-port.ts";
import type { TraderProtocol } from "../trader/protocol.ts";
import type { HaltState } from "./protocol.ts";

export interface SwitchDeps {
  readonly trade: Pick<TradeStore, "halt" | "resume" | "halts">;
  readonly clock: Clock;
  readonly trader: () => Ref<TraderProtocol> | undefined;
  readonly publish: (event: HubEvent) => void;
  /** Runs a call of the store, however long that is away. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
}

/** The switch by which people hold trading back and let it go on. Answers once it is written down. */
export class Switch {
  readonly #deps: SwitchDeps;

  constructor(deps: SwitchDeps) {
    this.#deps = deps;
  }

  async halt(order: HaltOrder): Promise<HaltState> {
    const { trade, clock, publish, run } = this.#deps;
    const { before, changed } = await run(() => trade.halt(order, clock.nowMs()));
    // Said again it is no news; and where a try without an answer was the one that was written, the
    // database tells of it all the same.
    if (changed) publish({ kind: "trading-halted", ...order });
    // What is to be sold is sold now, not at the trader's next look.
    if (order.mode === "flatten") this.#deps.trader()?.tell("guard", null);
    return { before, halted: true, halts: await run(() => trade.halts()) };
  }

  async resume(scope: HaltScope, by: string): Promise<HaltState> {
    const { trade, clock, publish, run } = this.#deps;
    const standing = (await run(() => trade.halts())).filter(
      (halt) => scopeKey(halt.scope) === scopeKey(scope),
    );
    const ended = await run(() => trade.resume(scope, by, clock.nowMs()));
    for (const { mode, cause } of standing) {
      publish({ kind: "trading-resumed", scope, mode, cause, by, reason: "resumed by hand" });
    }
    const halts = await run(() => trade.halts());
    return { before: standing.length > 0 || ended > 0, halted: false, halts };
  }
}
