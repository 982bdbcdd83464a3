/** Windows that a run is cut into. */
const WINDOWS = 12;
/** Of a run, at its beginning: caches fill, code is compiled, the heap finds its size. */
const WARM_UP_SHARE = 1 / 3;
/** Makes the median of absolute deviations comparable with a standard deviation, where they are normal. */
const MAD_TO_SIGMA = 1.4826;
const SIGMAS = 4;

/** How a figure moved over a run. */
export interface Trend {
  /** Its median, in the figure's own unit. */
  readonly level: number;
  /** By how much it rose over the windows that count, by a slope that outliers do not move. */
  readonly growth: number;
  /** How far it strays from that slope. */
  readonly noise: number;
}

/**
 * The trend of what a figure never falls below. Memory is a saw-tooth between two collections and
 * connections come and go with each poll: what is left behind shows in the least of each window.
 * The slope is the median of the slopes of all pairs of windows (Theil 1950, Sen 1968).
 * @param samples at even distances, oldest first; at least one for each window.
 */
export function trendOf(samples: readonly number[]): Trend {
  const counted = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  if (counted.length < WINDOWS) throw new RangeError(`${samples.length} samples tell no trend`);
  const floors = Array.from({ length: WINDOWS }, (_, n) => {
    const [from, to] = [n, n + 1].map((k) => Math.floor((k * counted.length) / WINDOWS));
    return Math.min(...counted.slice(from, to));
  });
  const slopes = floors.flatMap((later, j) =>
    floors.slice(0, j).map((earlier, i) => (later - earlier) / (j - i)),
  );
  const slope = median(slopes);
  const offset = median(floors.map((floor, n) => floor - slope * n));
  const strays = floors.map((floor, n) => Math.abs(floor - offset - slope * n));
  return {
    level: median(floors),
    growth: slope * (WINDOWS - 1),
    noise: MAD_TO_SIGMA * median(strays),
  };
}

/**
 * Whether a figure grew by more than its own noise, and by more than anybody need mind.
 * @param allowance in the figure's own unit.
 */
export function isGrowing({ growth, noise }: Trend, allowance: number): boolean {
  return growth > Math.max(allowance, SIGMAS * noise);
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return (low + high) / 2;
}
