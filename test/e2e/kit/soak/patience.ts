const TRY_EVERY_MS = 500;

/** Asks a hub that may be busy, or may just have closed the connection that was to be used again. */
export class Patience {
  readonly #limitMs: number;
  readonly #isGone: () => boolean;
  readonly #nowMs: () => number;
  #failures = 0;
  #longestMs = 0;

  /**
   * @param limitMs how long a hub may give no answer before it counts as one that gives none.
   * @param isGone whether there is nobody left to wait for.
   */
  constructor(limitMs: number, isGone: () => boolean, nowMs = () => performance.now()) {
    this.#limitMs = limitMs;
    this.#isGone = isGone;
    this.#nowMs = nowMs;
  }

  /** What was tried in vain, in words for people. */
  get told(): string {
    if (this.#failures === 0) return "every question was answered at once";
    const longest = Math.round(this.#longestMs);
    return `tries in vain before an answer came: ${this.#failures}, for ${longest} ms at the longest`;
  }

  /** Asks again and again. @throws what the last try met, once the hub was silent for too long. */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    const sinceMs = this.#nowMs();
    for (;;) {
      try {
        return await question();
      } catch (error) {
        this.#failures += 1;
        this.#longestMs = Math.max(this.#longestMs, this.#nowMs() - sinceMs);
        if (this.#longestMs >= this.#limitMs || this.#isGone()) throw error;
        await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
      }
    }
  }
}
