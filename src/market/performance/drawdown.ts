import type { EquityPoint } from "./equity-curve.ts";

/** The deepest fall from the highest worth before, as a share of that. */
export interface Drawdown {
  readonly fraction: number;
  readonly absolute: number;
  readonly peakAt: number;
  readonly troughAt: number;
  /** When the peak was reached again; undefined while it was not. */
  readonly recoveredAt: number | undefined;
  /** Fall of the last point from the highest one. */
  readonly current: number;
}

/** A flat or rising curve has fallen by zero, at its beginning. Undefined for a start of nothing. */
export function drawdownOf(points: readonly EquityPoint[]): Drawdown | undefined {
  const first = points[0];
  if (first === undefined || !(first.equity > 0)) return undefined;
  let peak = first;
  let current = 0;
  let deepest = { fraction: 0, peak: first, trough: first };
  for (const point of points) {
    if (point.equity > peak.equity) peak = point;
    current = (peak.equity - point.equity) / peak.equity;
    if (current > deepest.fraction) deepest = { fraction: current, peak, trough: point };
  }
  const { fraction, trough } = deepest;
  const back = points.find(({ at, equity }) => at > trough.at && equity >= deepest.peak.equity);
  return {
    fraction,
    absolute: deepest.peak.equity - trough.equity,
    peakAt: deepest.peak.at,
    troughAt: trough.at,
    recoveredAt: back?.at,
    current,
  };
}
