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
    for (const { at, weight } of this.#charges) {
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
    const from = this.#charges.findIndex(({ at }) => at + this.#windowMs > nowMs);
    if (from === 0) return;
    this.#charges = from === -1 ? [] : this.#charges.slice(from);
    this.#ended = this.#charges.reduce((sum, { weight }) => sum + weight, 0);
  }
}
