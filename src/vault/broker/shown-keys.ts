/** Far more than processes ask with while one lease lasts. */
const MOST_KEPT = 10_000;

/** Remembers which public keys were shown with a wish: each of them serves for one answer. */
export class ShownKeys {
  readonly #shown = new Set<string>();

  /** True for a key that is shown for the first time. */
  admit(publicKey: string): boolean {
    if (this.#shown.has(publicKey)) return false;
    this.#shown.add(publicKey);
    if (this.#shown.size > MOST_KEPT) {
      for (const oldest of this.#shown) {
        this.#shown.delete(oldest);
        break;
      }
    }
    return true;
  }
}
