import type { Clock } from "../../runtime/clock.ts";

/** The end is put off by a random wait of up to this, so that not all hubs knock at once, ms... */
const JITTER_MS = 1_000;
/** ...plus up to this share of the ban, since calling too early makes the next one longer... */
const JITTER_SHARE = 0.1;
/** ...but by no more than this, ms. */
const LONGEST_JITTER_MS = 30_000;
/** Venues ban for up to three days; a longer end is a wrong clock, not a ban, ms. */
const LONGEST_BAN_MS = 3 * 86_400_000;

/** Remembers how long a venue has shut us out. Counts on monotonic time, so a clock step neither opens nor holds it. */
export class BanGate {
  readonly #clock: Clock;
  readonly #random: () => number;
  #opensAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Shuts until an instant, UTC ms on the clock, plus jitter; never shortens a ban. */
  close(untilMs: number): void {
    const banMs = Math.min(Math.max(0, untilMs - this.#clock.nowMs()), LONGEST_BAN_MS);
    const spreadMs = Math.min(JITTER_MS + banMs * JITTER_SHARE, LONGEST_JITTER_MS);
    const opensAt = this.#clock.monotonicMs() + banMs + this.#random() * spreadMs;
    this.#opensAt = Math.max(this.#opensAt, opensAt);
  }

  /** Ms until it opens; 0 when it is open. */
  remainingMs(): number {
    return Math.max(0, this.#opensAt - this.#clock.monotonicMs());
  }

  /** When it opens, UTC ms on the clock. */
  untilMs(): number {
    return Math.ceil(this.#clock.nowMs() + this.remainingMs());
  }
}
