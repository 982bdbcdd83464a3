import { closeTimeOf, type Timeframe } from "../../market/timeframe.ts";

/** A candle that an analyst owes an answer for. */
interface Owed {
  readonly openTime: number;
  readonly answeredAt: number;
  deliveries: number;
}

interface Progress {
  newest: number | null;
  evaluatedTo: number | null;
  owed: Owed | undefined;
}

/** A candle that crashed its analyst is given once more, not for ever. */
const MOST_DELIVERIES = 2;

/** Who was woken with what, so that a candle is neither lost to a crash nor thought about twice. */
export class Wakes {
  readonly #progress = new Map<number, Progress>();

  /** Takes over what the store knows of a series. */
  learn(seriesId: number, newest: number | null, evaluatedTo: number | null): void {
    if (this.#progress.has(seriesId)) return;
    this.#progress.set(seriesId, { newest, evaluatedTo, owed: undefined });
  }

  forget(seriesId: number): void {
    this.#progress.delete(seriesId);
  }

  noteStored(seriesId: number, openTime: number): void {
    const progress = this.#of(seriesId);
    if (progress.newest === null || openTime > progress.newest) progress.newest = openTime;
  }

  /** Says whether a candle is to be handed to its analyst now, and remembers that it was. */
  give(seriesId: number, openTime: number, answeredAt: number): boolean {
    const progress = this.#of(seriesId);
    if (progress.evaluatedTo !== null && openTime <= progress.evaluatedTo) return false;
    if (progress.owed !== undefined && progress.owed.openTime >= openTime) return false;
    progress.owed = { openTime, answeredAt, deliveries: 1 };
    return true;
  }

  /** Notes that an analyst is done with a candle; true when that moves its mark on. */
  done(seriesId: number, openTime: number): boolean {
    const progress = this.#of(seriesId);
    if (progress.owed !== undefined && progress.owed.openTime <= openTime)
      progress.owed = undefined;
    if (progress.evaluatedTo !== null && progress.evaluatedTo >= openTime) return false;
    progress.evaluatedTo = openTime;
    return true;
  }

  /**
   * What an analyst that starts afresh still owes, while its window runs: the candle it failed on,
   * once more; or, after the hub itself was away, the newest stored one that nobody has thought about.
   */
  owed(
    seriesId: number,
    timeframe: Timeframe,
    nowMs: number,
    machineNowMs: number,
  ): { openTime: number; answeredAt: number } | null {
    const progress = this.#of(seriesId);
    const { owed, newest, evaluatedTo } = progress;
    const isOver = (openTime: number): boolean =>
      nowMs >= closeTimeOf(timeframe, closeTimeOf(timeframe, openTime));
    if (owed !== undefined) {
      if (owed.deliveries >= MOST_DELIVERIES || isOver(owed.openTime)) return null;
      owed.deliveries += 1;
      return { openTime: owed.openTime, answeredAt: owed.answeredAt };
    }
    if (newest === null || evaluatedTo === null || newest <= evaluatedTo) return null;
    if (isOver(newest)) return null;
    progress.owed = { openTime: newest, answeredAt: machineNowMs, deliveries: 1 };
    return { openTime: newest, answeredAt: machineNowMs };
  }

  #of(seriesId: number): Progress {
    let progress = this.#progress.get(seriesId);
    if (progress === undefined) {
      progress = { newest: null, evaluatedTo: null, owed: undefined };
      this.#progress.set(seriesId, progress);
    }
    return progress;
  }
}
