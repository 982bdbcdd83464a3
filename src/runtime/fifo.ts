/** Below this many places a queue does not shrink: idle actors then keep one small array. */
const SMALLEST = 16;

/** A queue in a ring: adding and taking cost the same however many wait. */
export class Fifo<T> {
  #places: (T | undefined)[] = [];
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#places.length) this.#resize(Math.max(SMALLEST, this.#length * 2));
    this.#places[(this.#head + this.#length) & (this.#places.length - 1)] = item;
    this.#length++;
  }

  peek(): T | undefined {
    return this.#length === 0 ? undefined : this.#places[this.#head];
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#places[this.#head];
    this.#places[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#places.length - 1);
    this.#length--;
    // A burst leaves a large ring behind: an empty queue gives it back.
    if (this.#length === 0 && this.#places.length > SMALLEST) {
      this.#places = [];
      this.#head = 0;
    }
    return item;
  }

  /** Lengths are powers of two, so that a place is found by masking. */
  #resize(places: number): void {
    const next: (T | undefined)[] = [];
    for (let at = 0; at < this.#length; at++) {
      next.push(this.#places[(this.#head + at) & (this.#places.length - 1)]);
    }
    next.length = places;
    this.#places = next;
    this.#head = 0;
  }
}
