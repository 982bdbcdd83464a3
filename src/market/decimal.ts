import { BigNumber } from "bignumber.js";

/**
 * An exact decimal as text, the form in which money travels between actors, the store and HTTP.
 * Plain digits with an optional sign and fraction, never an exponent: `"-12.50"`.
 */
export type DecimalText = string;

/** An exact decimal while it is being calculated with; addition and multiplication lose nothing. */
export type Decimal = BigNumber;

/** Division alone may need rounding: 40 places are far below any venue's smallest step. */
const Exact = BigNumber.clone({ DECIMAL_PLACES: 40, EXPONENTIAL_AT: 1e9 });

const PLAIN = /^-?\d+(\.\d+)?$/;

/**
 * Reads an exact decimal from text, from another decimal, or from a finite number.
 * A number is read by its shortest text, so `0.1` is exactly one tenth.
 * @throws RangeError for text that is not a plain decimal and for NaN or infinity.
 */
export function decimal(value: DecimalText | number | Decimal): Decimal {
  if (typeof value === "string" && !PLAIN.test(value)) {
    throw new RangeError(`not a plain decimal: ${JSON.stringify(value)}`);
  }
  const result = new Exact(value);
  if (!result.isFinite()) throw new RangeError(`not a finite decimal: ${String(value)}`);
  return result;
}

/** Says whether a text is a plain decimal, as {@link decimal} would accept it. */
export function isDecimalText(value: unknown): value is DecimalText {
  return typeof value === "string" && PLAIN.test(value);
}

/** Writes a decimal without exponent and without trailing zeros. */
export function text(value: Decimal): DecimalText {
  return value.toFixed();
}

/** Rounds towards zero to a whole number of steps; the direction a quantity may be rounded. */
export function floorToStep(value: Decimal, step: Decimal): Decimal {
  // Whole division is exact where a quotient of 40 places could round up to the next step.
  return value.idiv(step).times(step);
}

/** Rounds to the nearest step, halves away from zero; the way venues round prices to their tick. */
export function roundToStep(value: Decimal, step: Decimal): Decimal {
  return value.div(step).integerValue(BigNumber.ROUND_HALF_UP).times(step);
}

export const ZERO: Decimal = decimal("0");
