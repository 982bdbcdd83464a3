/** The least digits after the point that the dialect writes. */
const WRITTEN_DECIMALS = 8;

/**
 * Writes a whole number of 10^-decimals as a plain decimal, with at least eight digits after the
 * point as the dialect does. No digit is lost, so that it reads back as the same double.
 */
export function fixedText(value: bigint, decimals: number): string {
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const split = digits.length - decimals;
  return `${sign}${digits.slice(0, split)}.${digits.slice(split).padEnd(WRITTEN_DECIMALS, "0")}`;
}

/** One step of a number with so many decimals, e.g. `0.01000000` for 2. */
export function stepText(decimals: number): string {
  return fixedText(1n, decimals);
}

/** How many digits stand after the point of a plain decimal. */
export function decimalsOf(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}

/** Reads a plain decimal as a whole number of 10^-decimals; it must not have more decimals. */
export function fixedFrom(text: string, decimals: number): bigint {
  const missing = decimals - decimalsOf(text);
  return BigInt(text.replace(".", "") + "0".repeat(missing));
}
