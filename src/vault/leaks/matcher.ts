import type { Needle } from "./needles.ts";

const HASHES = 65_536;

/** Blocks of three bytes, hashed. */
function hashAt(bytes: Uint8Array, last: number): number {
  const [a = 0, b = 0, c = 0] = [bytes[last - 2], bytes[last - 1], bytes[last]];
  return (a ^ (b << 5) ^ (c << 10)) & (HASHES - 1);
}

/**
 * Finds any of many runs of bytes in one pass, by the method of Wu and Manber: from the last three
 * bytes of a window it knows how far the window can move at once. Hundreds of needles cost little more
 * than one, since all are long.
 */
export class Matcher {
  readonly longest: number;
  readonly #needles: readonly Needle[];
  readonly #window: number;
  readonly #shifts: Uint8Array;
  readonly #endingIn = new Map<number, Needle[]>();

  /** @param needles at least one, each of 3 bytes or more. */
  constructor(needles: readonly Needle[]) {
    const lengths = needles.map(({ bytes }) => bytes.length);
    this.#needles = needles;
    this.longest = Math.max(...lengths);
    this.#window = Math.min(255, ...lengths);
    this.#shifts = new Uint8Array(HASHES).fill(this.#window - 2);
    this.#prepare();
  }

  /** Tells of each place in the first `length` bytes at which a needle begins. */
  search(bytes: Buffer, length: number, onFound: (needle: Needle, at: number) => void): void {
    const shifts = this.#shifts;
    const window = this.#window;
    let last = window - 1;
    while (last < length) {
      const hash =
        ((bytes[last - 2] ?? 0) ^ ((bytes[last - 1] ?? 0) << 5) ^ ((bytes[last] ?? 0) << 10)) &
        (HASHES - 1);
      const shift = shifts[hash] ?? 1;
      if (shift > 0) {
        last += shift;
        continue;
      }
      const at = last - window + 1;
      for (const needle of this.#endingIn.get(hash) ?? []) {
        const end = at + needle.bytes.length;
        if (end <= length && needle.bytes.compare(bytes, at, end) === 0) onFound(needle, at);
      }
      last += 1;
    }
  }

  #prepare(): void {
    const end = this.#window - 1;
    for (const needle of this.#needles) {
      for (let last = 2; last <= end; last += 1) {
        const hash = hashAt(needle.bytes, last);
        this.#shifts[hash] = Math.min(this.#shifts[hash] ?? 0, end - last);
      }
      const hash = hashAt(needle.bytes, end);
      this.#endingIn.set(hash, [...(this.#endingIn.get(hash) ?? []), needle]);
    }
  }
}
