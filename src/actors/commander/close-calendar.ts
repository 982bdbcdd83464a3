import { nextCloseAfter, openTimeAt, type Timeframe, timeframeMs } from "../../market/timeframe.ts";

/** A close that is due to be told. */
export interface DueClose {
  readonly timeframe: Timeframe;
  /** UTC ms on the exchange's clock. */
  readonly closeTime: number;
}

/** What was told last for each timeframe, UTC ms; a close is never told twice nor after a newer one. */
export type ToldCloses = ReadonlyMap<Timeframe, number>;

/**
 * The newest close of each timeframe that is due and not told yet. Of several missed closes only
 * the newest is told: the poll after it reaches back by itself. A clock that steps back tells nothing.
 * Short timeframes come first: their candles lose their meaning soonest.
 * @param exchangeNowMs the exchange's clock, UTC ms.
 * @param delayMs how long after a close it is told.
 */
export function dueCloses(
  timeframes: Iterable<Timeframe>,
  exchangeNowMs: number,
  delayMs: number,
  told: ToldCloses,
): DueClose[] {
  const due: DueClose[] = [];
  for (const timeframe of timeframes) {
    const closeTime = openTimeAt(timeframe, exchangeNowMs - delayMs);
    if (closeTime > (told.get(timeframe) ?? closeTime)) due.push({ timeframe, closeTime });
  }
  return due.sort((a, b) => timeframeMs(a.timeframe) - timeframeMs(b.timeframe));
}

/**
 * What counts as told for a timeframe that joins now: the close before now, so that the first one
 * told is the first one that happens from here on.
 */
export function toldAtJoining(
  timeframe: Timeframe,
  exchangeNowMs: number,
  delayMs: number,
): number {
  return openTimeAt(timeframe, exchangeNowMs - delayMs);
}

/**
 * What counts as told instead, where closes were told by a clock that was far ahead: else there would
 * be silence until the last of them truly comes. The newest close that is due is told then, perhaps
 * once more. The next close to come stays told, since its pursuit is under way.
 * @param exchangeNowMs the exchange's clock as it was put right, UTC ms.
 */
export function toldByWrongClock(
  exchangeNowMs: number,
  delayMs: number,
  told: ToldCloses,
): ToldCloses {
  const corrected = new Map<Timeframe, number>();
  for (const [timeframe, closeTime] of told) {
    const due = openTimeAt(timeframe, exchangeNowMs - delayMs);
    if (closeTime > nextCloseAfter(timeframe, due)) {
      corrected.set(timeframe, due - timeframeMs(timeframe));
    }
  }
  return corrected;
}

/** How long until the next close of any of the timeframes is due, ms; undefined without timeframes. */
export function waitForNextClose(
  timeframes: Iterable<Timeframe>,
  exchangeNowMs: number,
  delayMs: number,
): number | undefined {
  let next: number | undefined;
  for (const timeframe of timeframes) {
    const at = nextCloseAfter(timeframe, exchangeNowMs - delayMs) + delayMs;
    if (next === undefined || at < next) next = at;
  }
  return next === undefined ? undefined : Math.max(1, next - exchangeNowMs);
}
