import type { Series } from "../../market/series.ts";
import type { Outbox } from "./outbox.ts";

/** A series as its harvester knows it. All of it can be had again from the store. */
export class Followed {
  readonly series: Series;
  readonly seriesId: number;
  /** Candles its analyst needs. */
  readonly candles: number;
  /** Where its polls leave what they brought. */
  readonly outbox: Outbox;
  /** Open time of the newest stored candle, UTC ms; undefined before the first load. */
  newest: number | undefined;
  /** Overdue candles that may still come, by open time. */
  readonly gaps = new Set<number>();
  /** Those of them that no signal may come of any more. */
  readonly #givenUp = new Set<number>();
  /** What the last answer passed over though it has newer candles, by open time. */
  #passedOver: ReadonlySet<number> = new Set();
  /** Candles noted as empty of late, by open time. */
  readonly #empty = new Set<number>();
  /** The pursuit of the candle that closed last; aborted by the next close. */
  pursuit: AbortController | undefined;
  /** Open time of the candle pursued last, UTC ms. */
  pursued: number | undefined;
  /** True once nobody follows it any more. */
  isOver = false;
  /** The running first load, shared by whoever asks for it. */
  loading: Promise<number> | undefined;

  constructor(series: Series, seriesId: number, candles: number, outbox: Outbox) {
    this.series = series;
    this.seriesId = seriesId;
    this.candles = candles;
    this.outbox = outbox;
  }

  /**
   * Takes note of what an answer passed over. True while the one before it did not pass over all of
   * that as well: venues do show a candle a moment later than the one after it.
   */
  isDoubtful(absent: readonly number[]): boolean {
    const before = this.#passedOver;
    this.#passedOver = new Set(absent);
    return absent.some((openTime) => !before.has(openTime));
  }

  /** Takes note that the next close came before a candle: its opportunity is gone for good. */
  giveUp(openTime: number): void {
    this.gaps.add(openTime);
    this.#givenUp.add(openTime);
  }

  /** Whether no signal may come of a candle, though it may be stored yet. */
  isGivenUp(openTime: number): boolean {
    return this.#givenUp.has(openTime);
  }

  /** Takes note that the venue seems to have no such candles. */
  noteEmpty(absent: readonly number[]): void {
    for (const openTime of absent) {
      this.gaps.delete(openTime);
      this.#givenUp.delete(openTime);
      this.#empty.add(openTime);
    }
  }

  /** Takes note that candles are stored, oldest first; answers those that were gaps. */
  heal(stored: readonly number[]): number[] {
    const healed = stored.filter((at) => this.gaps.delete(at) || this.#empty.delete(at));
    for (const openTime of stored) this.#givenUp.delete(openTime);
    // Later answers begin later still: what is older will not come any more.
    const oldest = stored[0] ?? Number.NEGATIVE_INFINITY;
    for (const openTime of this.#empty) if (openTime < oldest) this.#empty.delete(openTime);
    return healed;
  }

  /** Ends whatever is under way, without a word about the candle that was pursued. */
  end(): void {
    this.isOver = true;
    this.pursuit?.abort();
  }
}
