import type { Candle } from "../../market/candle.ts";
import { type Timeframe, timeframeMs } from "../../market/timeframe.ts";
import type { Fault } from "./finding.ts";

/** Volumes are added in another order than the venue's: the last digits may differ. */
const VOLUME_TOLERANCE = 1e-9;

/**
 * Compares a candle with the shorter ones that lie in it.
 * @param parts oldest first, all inside the candle.
 * @returns undefined when they agree, and when parts are absent, since nothing follows then.
 */
export function sumFault(
  timeframe: Timeframe,
  whole: Candle,
  of: Timeframe,
  parts: readonly Candle[],
): Fault | undefined {
  const [first] = parts;
  const last = parts.at(-1);
  const count = timeframeMs(timeframe) / timeframeMs(of);
  if (first === undefined || last === undefined || parts.length !== count) return undefined;
  const sum = {
    open: first.open,
    high: Math.max(...parts.map(({ high }) => high)),
    low: Math.min(...parts.map(({ low }) => low)),
    close: last.close,
    volume: parts.reduce((total, { volume }) => total + volume, 0),
  };
  for (const field of ["open", "high", "low", "close", "volume"] as const) {
    const [expected, found] = [sum[field], whole[field]];
    const allowed = field === "volume" ? Math.max(1, Math.abs(expected)) * VOLUME_TOLERANCE : 0;
    if (Math.abs(expected - found) > allowed)
      return { kind: "not-the-sum", of, field, expected, found };
  }
  return undefined;
}
