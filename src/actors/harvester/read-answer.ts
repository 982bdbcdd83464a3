import type { CandleAnswer } from "../../exchanges/port.ts";
import type { Candle } from "../../market/candle.ts";
import { isClosed } from "../../market/candle.ts";
import type { PollOutcome } from "../../market/events.ts";
import { openTimeAt, type Timeframe, timeframeMs } from "../../market/timeframe.ts";

/** What a poll's answer says about the candle that was asked for. */
export interface Reading {
  readonly outcome: Extract<PollOutcome, "ok" | "missing" | "corrupt">;
  /** Closed candles of the answer, oldest first. */
  readonly closed: readonly Candle[];
  readonly reason: string;
}

/**
 * Reads an answer: which candles are closed by the exchange's own time, and whether the expected one
 * is among them. A row for it, or from within it, that was thrown away as unsound makes the answer
 * corrupt, not empty.
 */
export function readAnswer(answer: CandleAnswer, timeframe: Timeframe, expected: number): Reading {
  const closed = answer.candles.filter((c) => isClosed(c, timeframe, answer.exchangeNowMs));
  if (closed.some((candle) => candle.openTime === expected)) {
    return { outcome: "ok", closed, reason: "" };
  }
  const damaged = answer.rejected.find(
    ({ openTime }) => openTime === null || openTimeAt(timeframe, openTime) === expected,
  );
  if (damaged !== undefined) return { outcome: "corrupt", closed, reason: damaged.reason };
  return { outcome: "missing", closed, reason: "the exchange has not delivered the candle yet" };
}

/** A candle that an answer says nothing about, and why. */
export interface LeftOpen {
  readonly openTime: number;
  readonly reason: string;
}

/**
 * Candles that are due and not in the answer, without it telling whether the venue has them: they
 * came damaged, or a damaged row that names no time may be any of them, or it begins after them.
 * @param fromOpenTime first open time that was asked for and is not stored yet, UTC ms.
 */
export function leftOpen(
  answer: CandleAnswer,
  closed: readonly Candle[],
  timeframe: Timeframe,
  fromOpenTime: number,
): LeftOpen[] {
  const newest = closed.at(-1)?.openTime;
  if (newest === undefined) return [];
  const known = new Set(closed.map((candle) => candle.openTime));
  for (const at of absentAtVenue(answer, closed, timeframe, fromOpenTime)) known.add(at);
  const oldest = oldestRow(answer);
  const open: LeftOpen[] = [];
  for (let at = fromOpenTime; at < newest; at += timeframeMs(timeframe)) {
    if (known.has(at)) continue;
    const reason =
      at < oldest ? "the exchange's answer began after it" : "the exchange sent it damaged";
    open.push({ openTime: at, reason });
  }
  return open;
}

/**
 * Candles the venue itself does not have: between the oldest and the newest row it sent, not among
 * the rows, not stored, and not sent damaged. What is older than its oldest row it was not asked for,
 * or did not reach back to.
 * @param fromOpenTime first open time that was asked for and is not stored yet, UTC ms.
 */
export function absentAtVenue(
  answer: CandleAnswer,
  closed: readonly Candle[],
  timeframe: Timeframe,
  fromOpenTime: number,
): number[] {
  const newest = closed.at(-1)?.openTime;
  if (newest === undefined) return [];
  // A damaged row without a readable time may be any of them: then nothing is known to be absent.
  if (answer.rejected.some((row) => row.openTime === null)) return [];
  const sent = new Set(
    [...closed, ...answer.rejected].map(({ openTime }) => openTimeAt(timeframe, openTime ?? 0)),
  );
  const step = timeframeMs(timeframe);
  const first = Math.max(fromOpenTime, oldestRow(answer));
  const absent: number[] = [];
  for (let at = first; at < newest; at += step) if (!sent.has(at)) absent.push(at);
  return absent;
}

/** Open time of the first row whose time can be read, UTC ms. */
function oldestRow({ candles, rejected }: CandleAnswer): number {
  return [...candles, ...rejected].reduce(
    (oldest, { openTime }) => (openTime === null ? oldest : Math.min(oldest, openTime)),
    Number.POSITIVE_INFINITY,
  );
}
