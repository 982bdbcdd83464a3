import type { CandleBatch } from "../architect/protocol.ts";

/** `replaced`: a newer answer, which holds the same candles, took its place. */
export type Delivery = "stored" | "replaced";

interface Waiting {
  readonly batch: CandleBatch;
  readonly resolve: (delivery: Delivery) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The way of one series' answers into the store: one batch is on it, and at most one waits behind.
 *
 * This is the buffer for the time the database is away. Polling goes on meanwhile, and since each
 * poll asks from the newest stored candle on, a newer answer holds what an older one held: the older
 * one, when it still waits, is dropped. So a series never holds more than two answers, however long
 * the outage, and all that closed meanwhile is written at once when it is over.
 */
export class Outbox {
  readonly #save: (batch: CandleBatch) => Promise<unknown>;
  #isBusy = false;
  #waiting: Waiting | undefined;

  /** @param save asks the architect. */
  constructor(save: (batch: CandleBatch) => Promise<unknown>) {
    this.#save = save;
  }

  /** @throws what `save` throws; the batch is not stored then, or nobody knows. */
  async deliver(batch: CandleBatch): Promise<Delivery> {
    if (!this.#isBusy) return this.#send(batch);
    this.#waiting?.resolve("replaced");
    return new Promise((resolve, reject) => {
      this.#waiting = { batch, resolve, reject };
    });
  }

  async #send(batch: CandleBatch): Promise<Delivery> {
    this.#isBusy = true;
    try {
      await this.#save(batch);
      return "stored";
    } finally {
      this.#isBusy = false;
      this.#sendNext();
    }
  }

  #sendNext(): void {
    const next = this.#waiting;
    if (next === undefined) return;
    this.#waiting = undefined;
    this.#send(next.batch).then(next.resolve, next.reject);
  }
}
