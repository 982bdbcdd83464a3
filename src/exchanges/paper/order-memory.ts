import type { OrderOutcome } from "../port.ts";

/** Far more than are ever looked up again; the oldest go first. */
const LARGEST = 10_000;

/** What became of orders, by client order id; an order under way is there too, as a promise. */
export class OrderMemory {
  readonly #outcomes = new Map<string, Promise<OrderOutcome | undefined>>();

  get(clientOrderId: string): Promise<OrderOutcome | undefined> | undefined {
    return this.#outcomes.get(clientOrderId);
  }

  /**
   * Keeps an outcome, or the promise of one. One that turns out to be nothing is forgotten, as if the
   * order had never come.
   */
  keep(clientOrderId: string, outcome: Promise<OrderOutcome | undefined>): void {
    this.#outcomes.set(clientOrderId, outcome);
    void outcome.then((known) => {
      if (known === undefined) this.#outcomes.delete(clientOrderId);
    });
    if (this.#outcomes.size <= LARGEST) return;
    for (const oldest of this.#outcomes.keys()) {
      this.#outcomes.delete(oldest);
      return;
    }
  }
}
