import type { Timeframe } from "../../market/timeframe.ts";

const DAY_MS = 86_400_000;

export interface PartitionRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Months made ahead of now, so that none is made at the close that is the first to need it. */
const AHEAD_MS = 62 * DAY_MS;
/** Made again when less than this lies ahead. */
const LEAST_AHEAD_MS = 31 * DAY_MS;

/**
 * Remembers how far ahead the candle partitions of each timeframe reach, and says which span is due.
 * Months of the past are the store's own matter: it makes each before the first row of it.
 */
export class PartitionPlan {
  readonly #madeTo = new Map<Timeframe, number>();

  /** The span to be made; undefined while enough lies ahead. */
  due(timeframe: Timeframe, nowMs: number): PartitionRange | undefined {
    const madeTo = this.#madeTo.get(timeframe);
    if (madeTo !== undefined && nowMs + LEAST_AHEAD_MS <= madeTo) return undefined;
    return { fromMs: nowMs, toMs: nowMs + AHEAD_MS };
  }

  made(timeframe: Timeframe, { toMs }: PartitionRange): void {
    this.#madeTo.set(timeframe, toMs);
  }
}
