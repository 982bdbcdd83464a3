import type { Clock } from "../../../runtime/clock.ts";
import type { Asked } from "./source.ts";

/** Numbers requests and says how long the exchange has been there. */
export class CallCounter {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #calls = new Map<string, number>();

  /** @param clock the exchange's. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonicMs();
  }

  next(path: string, symbol?: string | null, interval?: string | null): Asked {
    const key = JSON.stringify([path, symbol, interval]);
    const call = this.#calls.get(key) ?? 0;
    this.#calls.set(key, call + 1);
    const elapsedMs = this.#clock.monotonicMs() - this.#startedAt;
    return { path, symbol: symbol ?? undefined, interval: interval ?? undefined, call, elapsedMs };
  }
}
