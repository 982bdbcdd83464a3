import type { Clock } from "../../runtime/clock.ts";

/** Clocks of two starts may differ by this much and still be believed, ms. */
const CREDIBLE_MS = 60_000;

/**
 * When the vault last said what runs. Within one start the time since then is measured on the
 * monotonic clock: setting the wall clock back makes nothing younger.
 */
export class Confirmation {
  readonly #clock: Clock;
  /** Monotonic ms. */
  #confirmedAtMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isThere(): boolean {
    return this.#confirmedAtMs !== undefined;
  }

  get ageMs(): number | undefined {
    if (this.#confirmedAtMs === undefined) return undefined;
    return this.#clock.monotonicMs() - this.#confirmedAtMs;
  }

  now(): void {
    this.#confirmedAtMs = this.#clock.monotonicMs();
  }

  /** It was in an earlier start, at a wall time in UTC ms. One that lies ahead says nothing. */
  at(wallMs: number): void {
    const ageMs = this.#clock.nowMs() - wallMs;
    if (ageMs < -CREDIBLE_MS) return;
    this.#confirmedAtMs = this.#clock.monotonicMs() - Math.max(0, ageMs);
  }
}
