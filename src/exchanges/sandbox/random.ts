const GOLDEN = 0x9e3779b9;

/** Stirs two 32-bit numbers into one; each bit of either changes about half of the result. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ GOLDEN, 0x85ebca6b) ^ b;
  h ^= h >>> 16;
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  h ^= h >>> 16;
  return h >>> 0;
}

/** A 32-bit key for a text. */
export function keyOf(text: string): number {
  let key = text.length;
  for (let i = 0; i < text.length; i++) key = mix(key, text.charCodeAt(i));
  return key;
}

/**
 * Draws that follow from a key alone, so that any hour of the market can be made first.
 * Only sums and products, which every machine rounds alike. Not for secrets.
 */
export class Draws {
  #state: number;
  readonly #salt: number;

  constructor(key: number) {
    this.#state = key;
    // Two streams that meet in one state would go on alike without a salt of their own.
    this.#salt = mix(key, 0x5bd1e995);
  }

  /** Evenly from 0 (included) to 1 (not included). */
  uniform(): number {
    this.#state = (this.#state + GOLDEN) | 0;
    return mix(this.#state, this.#salt) / 2 ** 32;
  }

  /** Evenly from low (included) to high (not included). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Bell-shaped with mean 0 and variance 1: four even draws, whose sum has a variance of 1/3. */
  bell(): number {
    const sum = this.uniform() + this.uniform() + this.uniform() + this.uniform();
    return (sum - 2) * Math.sqrt(3);
  }

  /** Like a bell with variance about 1, with one draw in 25 three and a half times as far out. */
  fatTailed(): number {
    return this.bell() * (this.uniform() < 0.04 ? 2.85 : 0.82);
  }
}
