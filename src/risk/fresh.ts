import type { Aged } from "./input.ts";

/**
 * Takes a figure only when it is there and young enough.
 * @throws RangeError when it is missing or older than the limit, or its age is no number.
 */
export function fresh<Value>(name: string, aged: Aged<Value> | undefined, maxAgeMs: number): Value {
  if (aged === undefined || aged === null) throw new RangeError(`${name} is missing`);
  // Written so that NaN on either side does not count as fresh.
  if (!(aged.ageMs >= 0 && aged.ageMs <= maxAgeMs)) {
    throw new RangeError(`${name} is ${aged.ageMs} ms old, the limit is ${maxAgeMs} ms`);
  }
  return aged.value;
}

/** @throws RangeError when it is missing. */
export function present<Value>(name: string, value: Value | undefined | null): Value {
  if (value === undefined || value === null) throw new RangeError(`${name} is missing`);
  return value;
}

/** @throws RangeError unless it is a whole number from zero up. */
export function count(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`${name} is not a count`);
  return value;
}
