/** Zero for none. */
export function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

/** NaN for none. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** Standard deviation with n - 1 below; NaN for fewer than two. */
export function sampleDeviation(values: readonly number[]): number {
  return Math.sqrt(squaresAround(values) / (values.length - 1));
}

/** Standard deviation with n below; NaN for none. */
export function populationDeviation(values: readonly number[]): number {
  return Math.sqrt(squaresAround(values) / values.length);
}

/** Root of the mean square of what lies below zero, over all values; NaN for none. */
export function downsideDeviation(values: readonly number[]): number {
  return Math.sqrt(sum(values.map((value) => Math.min(value, 0) ** 2)) / values.length);
}

/** Equal values have none at all: rounding in the mean must not turn that into a little. */
function squaresAround(values: readonly number[]): number {
  if (values.length > 0 && values.every((value) => value === values[0])) return 0;
  const middle = mean(values);
  return sum(values.map((value) => (value - middle) ** 2));
}
