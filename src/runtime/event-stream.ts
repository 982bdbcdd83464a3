import type { Cancel, Clock } from "./clock.ts";

/** An event with its place in a stream; `Recorded` of the market is one of these. */
export interface Entry<T> {
  /** Rising by one from 1. */
  readonly seq: number;
  /** UTC ms on the stream's clock. */
  readonly at: number;
  readonly event: T;
}

export interface EventStreamOptions {
  readonly clock: Pick<Clock, "nowMs">;
  /** How many of the last events are kept for those who come late. */
  readonly keep: number;
  /** Told when a listener throws; the publisher and the other listeners never notice. */
  readonly onListenerError?: (error: unknown) => void;
}

/** Facts for whoever listens, with the last ones kept for replay. */
export class EventStream<T> {
  readonly #options: EventStreamOptions;
  readonly #ring: Entry<T>[] = [];
  readonly #listeners = new Set<(entry: Entry<T>) => void>();
  #lastSeq = 0;

  /** @throws RangeError when `keep` is not a whole number from 1. */
  constructor(options: EventStreamOptions) {
    if (!Number.isSafeInteger(options.keep) || options.keep < 1) {
      throw new RangeError(`keep must be a whole number from 1, not ${options.keep}`);
    }
    this.#options = options;
  }

  /** Seq of the newest event; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Seq of the oldest event still kept; a replay from before it has a hole. 0 before the first. */
  get oldestSeq(): number {
    return this.#lastSeq - this.#ring.length + (this.#ring.length > 0 ? 1 : 0);
  }

  publish(event: T): Entry<T> {
    const entry = { seq: ++this.#lastSeq, at: this.#options.clock.nowMs(), event };
    this.#ring[(entry.seq - 1) % this.#options.keep] = entry;
    for (const listener of this.#listeners) this.#tell(listener, entry);
    return entry;
  }

  /** The events kept whose seq is above `seq`, oldest first. */
  since(seq: number): readonly Entry<T>[] {
    const entries: Entry<T>[] = [];
    const first = Math.max(seq + 1, this.oldestSeq, 1);
    for (let at = first; at <= this.#lastSeq; at++) {
      const entry = this.#ring[(at - 1) % this.#options.keep];
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  /** Calls back at each event from now on. Returns the way to stop. */
  subscribe(listener: (entry: Entry<T>) => void): Cancel {
    // A function subscribed twice is two subscriptions, each with its own end.
    const own = (entry: Entry<T>): void => listener(entry);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  #tell(listener: (entry: Entry<T>) => void, entry: Entry<T>): void {
    try {
      listener(entry);
    } catch (error) {
      try {
        this.#options.onListenerError?.(error);
      } catch {
        // Reporting is a listener too: nothing it does may reach the publisher.
      }
    }
  }
}
