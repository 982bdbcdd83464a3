import type { Clock } from "../../runtime/clock.ts";

/** Failures in a row after which a vault is left alone for a while. */
const PATIENCE = 3;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Leaves a vault alone that does not answer, so that nobody waits for its time limits again and
 * again. After each pause one caller may try; the pauses grow until one succeeds.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #closedUntilMs = Number.NEGATIVE_INFINITY;
  #isProbing = false;

  /** @param random in [0, 1): two hubs must not ask in step. */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Whether anybody may ask: then trying again can help. */
  get isClosed(): boolean {
    return this.#failures < PATIENCE;
  }

  /** Whether the vault may be asked now; when it may after many failures, for one caller only. */
  admit(): boolean {
    if (this.#failures < PATIENCE) return true;
    if (this.#isProbing || this.#clock.monotonicMs() < this.#closedUntilMs) return false;
    this.#isProbing = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#isProbing = false;
  }

  failed(): void {
    this.#failures += 1;
    this.#isProbing = false;
    const doublings = Math.max(0, this.#failures - PATIENCE);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** doublings);
    // Between half of the pause and all of it.
    this.#closedUntilMs = this.#clock.monotonicMs() + pauseMs * (0.5 + this.#random() / 2);
  }
}
