/** Keeps the most recently used values up to a number of them; older ones are made again. */
export class Lru<Value> {
  readonly #limit: number;
  readonly #values = new Map<number, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of a key, made when it is not here. */
  get(key: number, make: () => Value): Value {
    const known = this.#values.get(key);
    const value = known ?? make();
    // A map keeps the order of insertion: what is used goes to the end.
    if (known !== undefined) this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#limit) {
      const oldest = this.#values.keys().next();
      if (oldest.done !== true) this.#values.delete(oldest.value);
    }
    return value;
  }
}
