import { type DecimalText, decimal, isDecimalText, text } from "../market/decimal.ts";

/** An object read field by field, each of unknown type. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one for anything else, so that nested fields can be asked for. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The value as a list; an empty one for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Text that says its number without sign, exponent or leading zeros, as nearly all of a venue's does. */
const TIDY = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** The exact decimal that text or a number stands for, without trailing zeros; undefined for neither. */
export function decimalTextOf(value: unknown): DecimalText | undefined {
  // A book has hundreds of cells: what is tidy already costs no arithmetic.
  const written = typeof value === "number" ? String(value) : value;
  if (typeof written === "string" && TIDY.test(written)) {
    return written.includes(".") ? written.replace(/\.?0+$/, "") : written;
  }
  if (typeof value === "number") return Number.isFinite(value) ? text(decimal(value)) : undefined;
  return isDecimalText(value) ? text(decimal(value)) : undefined;
}

/** The same, but only above zero: what a price or a size must be. */
export function positiveTextOf(value: unknown): DecimalText | undefined {
  const exact = decimalTextOf(value);
  return exact === undefined || exact === "0" || exact.startsWith("-") ? undefined : exact;
}

/** The double nearest to the venue's text, bit for bit what parseFloat makes of it; NaN for no number. */
export function doubleOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}
