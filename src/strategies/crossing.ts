/**
 * Closer to zero than this share of the scale, a value has no sign: averages of a market that stands
 * still differ only by rounding, and rounding must not trade.
 */
const DEAD_BAND = 1e-9;

/** Tells when a value goes through zero between one candle and the next. */
export type Crossing = (value: number | undefined, scale: number) => "up" | "down" | undefined;

/**
 * Makes a watcher of one value. It remembers the previous candle only, so that what it answers
 * does not depend on where the history began; a candle without a value or sign breaks the line.
 */
export function crossing(): Crossing {
  let before = 0;
  return (value, scale) => {
    const sign = value === undefined || Math.abs(value) <= DEAD_BAND * scale ? 0 : Math.sign(value);
    const crossed = sign !== 0 && before === -sign;
    before = sign;
    if (!crossed) return undefined;
    return sign > 0 ? "up" : "down";
  };
}
