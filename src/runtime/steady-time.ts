import type { Clock } from "./clock.ts";

/**
 * Time carried on from an instant when it was known, on monotonic time alone: no step of the wall
 * clock moves it. While the machine sleeps it may stand still.
 */
export class SteadyTime {
  readonly #clock: Clock;
  /** Over monotonic time, ms. */
  #aheadMs: number;

  /** @param nowMs what it is now, UTC ms. */
  constructor(clock: Clock, nowMs: number) {
    this.#clock = clock;
    this.#aheadMs = nowMs - clock.monotonicMs();
  }

  /** UTC ms. */
  nowMs(): number {
    return Math.round(this.#clock.monotonicMs() + this.#aheadMs);
  }
}
