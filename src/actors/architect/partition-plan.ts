const DAY_MS = 86_400_000;

export interface PartitionRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Months made ahead of now; a month cannot be made once stray rows of it exist. */
const AHEAD_MS = 62 * DAY_MS;
/** Made again when less than this lies ahead. */
const LEAST_AHEAD_MS = 31 * DAY_MS;

/** Remembers for which span the candle partitions exist, and says which span is due. */
export class PartitionPlan {
  #made: PartitionRange | undefined;

  /** The span to be made so that a candle of an open time can be written; undefined when it exists. */
  due(openTimeMs: number, nowMs: number): PartitionRange | undefined {
    const oldest = Math.min(openTimeMs, nowMs);
    const made = this.#made;
    if (made !== undefined && oldest >= made.fromMs && nowMs + LEAST_AHEAD_MS <= made.toMs) {
      return undefined;
    }
    return { fromMs: Math.min(oldest, made?.fromMs ?? oldest), toMs: nowMs + AHEAD_MS };
  }

  made(range: PartitionRange): void {
    this.#made = range;
  }
}
