interface Charge {
  readonly at: number;
  readonly weight: number;
}

/**
 * What was spent in the last window, on monotonic time.
 *
 * The window rolls, so the budget holds in every window wherever the venue's own minute begins.
 * A call counts from its start until a whole window after its answer: the venue books it on arrival,
 * which is somewhere between the two.
 */
export class Spend {
  readonly #windowMs: number;
  #charges: Charge[] = [];
  /** How many at the front of the charges are forgotten: a thousand calls close together, each looks. */
  #forgotten = 0;
  #ended = 0;
  #running = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  begin(weight: number): void {
    this.#running += weight;
  }

  end(weight: number, nowMs: number): void {
    this.#running -= weight;
    this.#charge(weight, nowMs);
  }

  used(nowMs: number): number {
    this.#forget(nowMs);
    return this.#ended + this.#running;
  }

  /** Takes over the venue's own count when it is higher: somebody else shares our address. */
  raiseTo(reported: number, nowMs: number): void {
    const unseen = reported - this.used(nowMs);
    if (unseen > 0) this.#charge(unseen, nowMs);
  }

  /** Ms until no more than `level` is used; Infinity while that depends on calls under way. */
  waitUntilAtMost(level: number, nowMs: number): number {
    let over = this.used(nowMs) - level;
    if (over <= 0) return 0;
    for (const { at, weight } of this.#charges.slice(this.#forgotten)) {
      over -= weight;
      if (over <= 0) return at + this.#windowMs - nowMs;
    }
    return Number.POSITIVE_INFINITY;
  }

  #charge(weight: number, nowMs: number): void {
    this.#charges.push({ at: nowMs, weight });
    this.#ended += weight;
  }

  #forget(nowMs: number): void {
    for (;;) {
      const oldest = this.#charges[this.#forgotten];
      if (oldest === undefined || oldest.at + this.#windowMs > nowMs) break;
      this.#forgotten += 1;
      this.#ended -= oldest.weight;
    }
    if (this.#forgotten * 2 < this.#charges.length) return;
    // Summed anew now and then, so that fractions of weights leave nothing behind.
    this.#charges = this.#charges.slice(this.#forgotten);
    this.#forgotten = 0;
    this.#ended = this.#charges.reduce((sum, { weight }) => sum + weight, 0);
  }
}
