import type { Clock } from "./clock.ts";

/**
 * A moment that is to be remembered by its age. That is the longer of what the two clocks say: setting
 * the wall clock back makes nothing younger, and neither does a sleep of the machine, in which the
 * monotonic one stands still.
 */
export class Moment {
  readonly #clock: Clock;
  readonly #wallMs: number;
  readonly #monotonicMs: number;

  /** The present one. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wallMs = clock.nowMs();
    this.#monotonicMs = clock.monotonicMs();
  }

  get ageMs(): number {
    const ofWall = this.#clock.nowMs() - this.#wallMs;
    return Math.max(ofWall, Math.floor(this.#clock.monotonicMs() - this.#monotonicMs));
  }
}
