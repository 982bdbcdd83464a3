import type { Backoff, Intensity } from "./spec.ts";

/** What a supervisor remembers of one child's failures. */
export interface Ledger {
  /** When the restarts were granted that may still count, monotonic ms, oldest first. */
  readonly restartsAtMs: readonly number[];
  /** Restarts since the child last ran through a whole window; the exponent of the back-off. */
  readonly streak: number;
}

export const cleanLedger: Ledger = { restartsAtMs: [], streak: 0 };

export interface Failure {
  readonly atMs: number;
  /** How long the child had been up; 0 when its start failed. */
  readonly upForMs: number;
}

export type Judgement =
  | { readonly kind: "restart"; readonly waitMs: number; readonly ledger: Ledger }
  | { readonly kind: "beyond"; readonly restarts: number };

/** No back-off grows further than this many times; it keeps the power finite. */
const LARGEST_EXPONENT = 64;

/**
 * Whether a failed child is started again, and when. At most `maxRestarts` restarts are granted
 * within any `withinMs`; the next failure in that time is beyond.
 * @param randomness 0 ≤ x < 1.
 */
export function judge(
  ledger: Ledger,
  failure: Failure,
  intensity: Intensity,
  backoff: Backoff,
  randomness: number,
): Judgement {
  const recent = ledger.restartsAtMs.filter((atMs) => failure.atMs - atMs < intensity.withinMs);
  if (recent.length >= intensity.maxRestarts) return { kind: "beyond", restarts: recent.length };
  const streak = failure.upForMs >= intensity.withinMs ? 0 : ledger.streak;
  return {
    kind: "restart",
    waitMs: backoffMs(backoff, streak, randomness),
    ledger: { restartsAtMs: [...recent, failure.atMs], streak: streak + 1 },
  };
}

/** The wait before the restart after `streak` earlier ones: min × factor^streak up to max, ± jitter. */
export function backoffMs(backoff: Backoff, streak: number, randomness: number): number {
  const exponent = Math.min(streak, LARGEST_EXPONENT);
  const grown = backoff.minMs === 0 ? 0 : backoff.minMs * backoff.factor ** exponent;
  const base = Math.min(backoff.maxMs, grown);
  return base * (1 + backoff.jitterFraction * (2 * randomness - 1));
}
