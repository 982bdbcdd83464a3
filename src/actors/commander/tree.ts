import type { SupervisorSpec } from "../../runtime/spec.ts";

/** The root: what stands below depends on what stands above, so it falls together with it. */
export const ROOT: SupervisorSpec = {
  strategy: "rest_for_one",
  // A fault that five fresh starts in a minute do not cure needs a fresh process.
  intensity: { maxRestarts: 5, withinMs: 60_000 },
  backoff: { minMs: 100, maxMs: 5_000, factor: 2, jitterFraction: 0.2 },
  beyond: "escalate",
};

/** One exchange that fails again and again is parked; the others never notice. */
export const HARVESTERS: SupervisorSpec = {
  strategy: "one_for_one",
  intensity: { maxRestarts: 10, withinMs: 300_000 },
  backoff: { minMs: 100, maxMs: 30_000, factor: 2, jitterFraction: 0.2 },
  beyond: "park",
};

/** One pair that fails on three candles running is parked; the others never notice. */
export const ANALYSTS: SupervisorSpec = {
  strategy: "one_for_one",
  // Its restarts are a candle apart when a candle is what kills it: count them over a day.
  intensity: { maxRestarts: 3, withinMs: 86_400_000 },
  backoff: { minMs: 50, maxMs: 5_000, factor: 2, jitterFraction: 0.2 },
  beyond: "park",
};

/** Analysts are spread over this many supervisors, so that each keeps a short list. */
export const ANALYST_SHARDS = 8;

/** The shard that looks after a series; the same for every hub and every start. */
export function shardOf(seriesKey: string): number {
  let sum = 0;
  for (const character of seriesKey) sum = (sum * 31 + character.charCodeAt(0)) % 1_000_003;
  return sum % ANALYST_SHARDS;
}
