import type { Clock } from "../../runtime/clock.ts";

/** Clocks of two starts may differ by this much and still be believed, ms. */
const CREDIBLE_MS = 60_000;

/**
 * When the vault last said what runs. Its age is the longer of what the two clocks say: setting the
 * wall clock back makes nothing younger, and neither does a machine that sleeps, in which the
 * monotonic one stands still.
 */
export class Confirmation {
  readonly #clock: Clock;
  #confirmedAt: { readonly wallMs: number; readonly monotonicMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isThere(): boolean {
    return this.#confirmedAt !== undefined;
  }

  get ageMs(): number | undefined {
    if (this.#confirmedAt === undefined) return undefined;
    const { wallMs, monotonicMs } = this.#confirmedAt;
    return Math.max(this.#clock.monotonicMs() - monotonicMs, this.#clock.nowMs() - wallMs);
  }

  now(): void {
    this.#confirmedAt = { wallMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() };
  }

  /** It was in an earlier start, at a wall time in UTC ms. One that lies ahead says nothing. */
  at(wallMs: number): void {
    const ageMs = this.#clock.nowMs() - wallMs;
    if (ageMs < -CREDIBLE_MS) return;
    this.#confirmedAt = { wallMs, monotonicMs: this.#clock.monotonicMs() - Math.max(0, ageMs) };
  }
}
