/** Venue clocks drift by milliseconds an hour; machines by more. Hub ms. */
const USUAL_WAIT_MS = 10 * 60_000;

/** After a measurement that failed, or that nobody should have to live with for long. Hub ms. */
const SHORT_WAIT_MS = 15_000;

/** With clocks further apart nothing is traded; it may have been the measurement. */
export const WORRYING_OFFSET_MS = 1_000;

/**
 * How long to wait before an exchange's clock is measured again, hub ms.
 * @param offsetMs what was measured; undefined when it failed.
 */
export function clockWaitMs(offsetMs: number | undefined): number {
  const isFine = offsetMs !== undefined && Math.abs(offsetMs) <= WORRYING_OFFSET_MS;
  return isFine ? USUAL_WAIT_MS : SHORT_WAIT_MS;
}
