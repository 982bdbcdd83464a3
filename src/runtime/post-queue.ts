import { Fifo } from "./fifo.ts";

/**
 * Two queues that look like one: what is patient comes out when nothing else waits. Each keeps its
 * own order of arrival.
 */
export class PostQueue<T> {
  readonly #prompt = new Fifo<T>();
  readonly #patient = new Fifo<T>();

  get length(): number {
    return this.#prompt.length + this.#patient.length;
  }

  push(item: T, isPatient: boolean): void {
    (isPatient ? this.#patient : this.#prompt).push(item);
  }

  /** The one that {@link shift} would take. */
  peek(): T | undefined {
    return this.#prompt.peek() ?? this.#patient.peek();
  }

  shift(): T | undefined {
    return this.#prompt.shift() ?? this.#patient.shift();
  }

  /** What can be done without best: the oldest of those that are patient, else the oldest. */
  dropOldest(): T | undefined {
    return this.#patient.shift() ?? this.#prompt.shift();
  }
}
