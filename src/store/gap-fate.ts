/**
 * `pending`: PENDING_RETRY, the candle is overdue and its own window still runs. `missing`: the
 * window is over, no signal will come of it. `empty`: the venue itself seems to have no such candle.
 * `healed`: it came later, as history.
 */
export type GapState = "pending" | "missing" | "empty" | "healed";

/** What became of a candle that did not come. */
export interface GapFate {
  readonly state: GapState;
  /** Why the candle lacked, as was found last; kept when it comes after all. */
  readonly reason: string;
  readonly attempts: number;
  readonly noticedAt: number;
  /** When it turned out empty or healed, UTC ms. */
  readonly settledAt: number | null;
}
