import type { CandleAnswer } from "../../exchanges/port.ts";
import type { Candle } from "../../market/candle.ts";
import { isClosed } from "../../market/candle.ts";
import type { PollOutcome } from "../../market/events.ts";
import { type Timeframe, timeframeMs } from "../../market/timeframe.ts";

/** What a poll's answer says about the candle that was asked for. */
export interface Reading {
  readonly outcome: Extract<PollOutcome, "ok" | "missing" | "corrupt">;
  /** Closed candles of the answer, oldest first. */
  readonly closed: readonly Candle[];
  readonly reason: string;
}

/**
 * Reads an answer: which candles are closed by the exchange's own time, and whether the expected one
 * is among them. A row for it that was thrown away as unsound makes the answer corrupt, not empty.
 */
export function readAnswer(answer: CandleAnswer, timeframe: Timeframe, expected: number): Reading {
  const closed = answer.candles.filter((c) => isClosed(c, timeframe, answer.exchangeNowMs));
  if (closed.some((candle) => candle.openTime === expected)) {
    return { outcome: "ok", closed, reason: "" };
  }
  const damaged = answer.rejected.find((row) => row.openTime === expected || row.openTime === null);
  if (damaged !== undefined) return { outcome: "corrupt", closed, reason: damaged.reason };
  return { outcome: "missing", closed, reason: "the exchange has not delivered the candle yet" };
}

/**
 * Candles that the answer passed over without telling whether the venue has them: they came damaged,
 * or a damaged row that names no time may be any of them.
 * @param fromOpenTime first open time that was asked for and is not stored yet, UTC ms.
 */
export function leftOpen(
  answer: CandleAnswer,
  closed: readonly Candle[],
  timeframe: Timeframe,
  fromOpenTime: number,
): number[] {
  const newest = closed.at(-1)?.openTime;
  if (newest === undefined || answer.rejected.length === 0) return [];
  const known = new Set(closed.map((candle) => candle.openTime));
  for (const at of absentAtVenue(answer, closed, timeframe, fromOpenTime)) known.add(at);
  const open: number[] = [];
  for (let at = fromOpenTime; at < newest; at += timeframeMs(timeframe)) {
    if (!known.has(at)) open.push(at);
  }
  return open;
}

/**
 * Candles the venue itself does not have: older than the newest one it sent, inside what was asked,
 * not among the rows, not stored, and not sent damaged.
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
  const sent = new Set(closed.map((candle) => candle.openTime));
  for (const row of answer.rejected) {
    // A damaged row without a readable time may be any of them: then nothing is known to be absent.
    if (row.openTime === null) return [];
    sent.add(row.openTime);
  }
  const absent: number[] = [];
  for (let at = fromOpenTime; at < newest; at += timeframeMs(timeframe)) {
    if (!sent.has(at)) absent.push(at);
  }
  return absent;
}
