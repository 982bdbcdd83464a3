import { createHash } from "node:crypto";

/** Half of SHA-256: far too long to collide by chance, short enough to read in a log. */
const HEX_DIGITS = 32;

/**
 * An id that is the same wherever it is made from the same parts, so that doing a thing again
 * makes no second thing. `("a", "bc")` and `("ab", "c")` give different ids.
 */
export function hashId(...parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, HEX_DIGITS);
}
