import { type Decimal, type DecimalText, decimal, text } from "../market/decimal.ts";

/**
 * Reads an amount of money or of an asset.
 * @throws RangeError unless it is an exact decimal from zero up.
 */
export function amount(name: string, value: DecimalText): Decimal {
  const read = exact(name, value);
  if (read.lt(0)) throw new RangeError(`${name} is negative`);
  return read;
}

/** @throws RangeError unless it is an exact decimal above zero. */
export function positive(name: string, value: DecimalText): Decimal {
  const read = amount(name, value);
  if (read.isZero()) throw new RangeError(`${name} is zero`);
  return read;
}

/** @throws RangeError unless it is exact decimal text; equity may be below zero. */
export function exact(name: string, value: DecimalText): Decimal {
  if (typeof value !== "string") throw new RangeError(`${name} is missing`);
  try {
    return decimal(value);
  } catch {
    throw new RangeError(`${name} is not a decimal`);
  }
}

/**
 * A limit from the settings as an exact decimal.
 * @throws RangeError unless it is a finite number from zero up.
 */
export function limitOf(name: string, value: number): Decimal {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`limit ${name} is no limit`);
  return decimal(value);
}

/** A share as a figure for people and metrics; the comparison itself was exact. */
export function shown(share: Decimal): number {
  return Number(share.toPrecision(8));
}

/** An amount for people: cut to eight places, never rounded up. */
export function brief(value: Decimal): string {
  return text(value.decimalPlaces(8, 1));
}
