import { inspect } from "node:util";

const PRINTED = "<redacted>";

/**
 * A value that nobody prints by accident: as text, as JSON, in a template, in a log or in an error it
 * is always `<redacted>`, and copied into another process it is an empty object.
 *
 * Its bytes lie outside the JavaScript heap, so that a heap snapshot does not hold them. The text
 * that {@link use} hands out is an ordinary string: keep it no longer than the call.
 */
export class Secret {
  readonly #bytes: Buffer;
  #isDestroyed = false;

  /** @param text not empty. */
  constructor(text: string) {
    if (text.length === 0) throw new RangeError("a secret is not empty");
    // Not Buffer.from: small buffers of that kind share one block of memory with everything else.
    this.#bytes = Buffer.alloc(Buffer.byteLength(text));
    this.#bytes.write(text);
  }

  /** Length in bytes, UTF-8. */
  get length(): number {
    return this.#bytes.length;
  }

  /**
   * Hands the value to `work` and answers what it answers.
   * @throws RangeError after {@link destroy}.
   */
  use<T>(work: (value: string) => T): T {
    if (this.#isDestroyed) throw new RangeError("this secret was destroyed");
    return work(this.#bytes.toString());
  }

  /** Whether both hold the same value. */
  equals(other: Secret): boolean {
    return this.#bytes.equals(other.#bytes);
  }

  /** Overwrites the value; using it afterwards is an error. Repeatable. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#bytes.fill(0);
  }

  toString(): string {
    return PRINTED;
  }

  toJSON(): string {
    return PRINTED;
  }

  [Symbol.toPrimitive](): string {
    return PRINTED;
  }

  [inspect.custom](): string {
    return PRINTED;
  }
}
