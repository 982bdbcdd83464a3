import { ExchangeFailure } from "../../exchanges/errors.ts";
import {
  type CandleAnswer,
  type MarketData,
  PRIORITY,
  type Priority,
} from "../../exchanges/port.ts";
import type { HubEvent, PollOutcome } from "../../market/events.ts";
import { closeTimeOf, timeframeMs } from "../../market/timeframe.ts";
import { AskFailure } from "../../runtime/ask-failure.ts";
import type { Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { Ref } from "../../runtime/protocol.ts";
import type { ArchitectProtocol, GapReport } from "../architect/protocol.ts";
import type { Followed } from "./followed.ts";
import { absentAtVenue, leftOpen, type Reading, readAnswer } from "./read-answer.ts";
import { nextTry } from "./retry-schedule.ts";

export interface PursuitDeps {
  readonly market: MarketData;
  readonly architect: Ref<ArchitectProtocol>;
  /** The hub's clock: waits between tries. */
  readonly clock: Clock;
  /** The machine's clock: durations. */
  readonly machineClock: Clock;
  readonly publish: (event: HubEvent) => void;
  readonly storeTimeoutMs: number;
}

/** Why a pursuit was aborted when the reason is the next close; any other end leaves no gap behind. */
export const NEXT_CLOSE = "the next candle has closed";

const EMPTY = "the exchange has no such candle";
const DAMAGED = "the exchange sent it damaged";
const HEALED = "arrived with a later answer";

/** Rows asked for beside those that are due: a closed candle may still have changed. */
const OVERLAP_CANDLES = 3;

/**
 * Goes after one candle until it is stored or the next close ends the matter.
 * @param expected open time of the candle that has just closed, UTC ms.
 * @param signal aborted by the next close of the timeframe, or by an end of the following.
 */
export async function pursue(
  deps: PursuitDeps,
  followed: Followed,
  expected: number,
  held: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { series, seriesId } = followed;
  const report = (state: GapReport["state"], reason: string, attempts: number): void => {
    deps.architect.tell("noteGaps", [
      { series, seriesId, openTime: expected, state, reason, attempts },
    ]);
  };
  let reason = "no answer before the next close";
  let attempt = 0;
  let pending = false;
  while (!signal.aborted) {
    attempt += 1;
    const priority = held ? PRIORITY.heldCandle : PRIORITY.candle;
    const reading = await tryOnce(deps, followed, expected, attempt, priority, signal);
    if (reading === "settled") return;
    // What a cut-off call says tells nothing about the candle.
    if (signal.aborted) break;
    reason = reading;
    const next = nextTry(series.timeframe, attempt);
    if (next.pending && !pending) {
      pending = true;
      followed.gaps.add(expected);
      report("pending", reason, attempt);
    }
    await deps.clock.sleep(next.waitMs, signal).catch(() => undefined);
  }
  if (signal.reason !== NEXT_CLOSE) return;
  // No signal will ever come of this candle, though its data may heal.
  if (followed.newest === undefined || followed.newest < expected || followed.gaps.has(expected)) {
    followed.gaps.add(expected);
    report("missing", reason, attempt);
  }
}

/** One poll. Answers `settled`, stored or known to be empty, or why the candle is still missing. */
async function tryOnce(
  deps: PursuitDeps,
  followed: Followed,
  expected: number,
  attempt: number,
  priority: Priority,
  signal: AbortSignal,
): Promise<string> {
  const startedAt = deps.machineClock.monotonicMs();
  const finish = (outcome: PollOutcome): void => {
    const closeTime = closeTimeOf(followed.series.timeframe, expected);
    deps.publish({
      kind: "poll-finished",
      series: followed.series,
      outcome,
      attempt,
      durationMs: deps.machineClock.monotonicMs() - startedAt,
      ...(outcome === "ok" ? { latenessMs: deps.market.exchangeNowMs() - closeTime } : {}),
    });
  };
  let answer: CandleAnswer;
  try {
    answer = await deps.market.candles(request(deps.market, followed, expected), {
      priority,
      signal,
    });
  } catch (error) {
    if (signal.aborted) return "given up at the next close";
    if (!(error instanceof ExchangeFailure)) throw error;
    finish(error.fault === "banned" ? "banned" : "failed");
    return messageOf(error);
  }
  const answeredAt = deps.machineClock.nowMs();
  const reading = readAnswer(answer, followed.series.timeframe, expected);
  finish(reading.outcome);
  try {
    const isEmpty = await store(deps, followed, expected, attempt, answer, reading, answeredAt);
    if (isEmpty) return "settled";
  } catch (error) {
    // The architect is restarting or its database is away: the next try brings the same rows again.
    if (!(error instanceof AskFailure)) throw error;
    return `not stored: ${messageOf(error)}`;
  }
  return reading.outcome === "ok" ? "settled" : reading.reason;
}

/** The last k + 3 rows: k that are due, and those before them once more. */
function request(
  market: MarketData,
  followed: Followed,
  expected: number,
): Parameters<MarketData["candles"]>[0] {
  const { pair, timeframe } = followed.series;
  const step = timeframeMs(timeframe);
  const oldest = Math.min(followed.newest ?? expected, expected);
  const due = (expected - oldest) / step;
  // One row more, since the newest one is normally still open.
  const limit = due + OVERLAP_CANDLES + 1;
  return limit <= market.maxCandles
    ? { pair, timeframe, limit }
    : { pair, timeframe, sinceMs: oldest - OVERLAP_CANDLES * step, limit: market.maxCandles };
}

/** Stores what an answer brought; answers whether it shows that the venue lacks the expected candle. */
async function store(
  deps: PursuitDeps,
  followed: Followed,
  expected: number,
  attempt: number,
  answer: CandleAnswer,
  reading: Reading,
  answeredAt: number,
): Promise<boolean> {
  const { series, seriesId } = followed;
  // A newer candle that closed a moment ago is left to its own pursuit, which wakes its analyst.
  const candles = reading.closed.filter((candle) => candle.openTime <= expected);
  const newest = candles.at(-1)?.openTime;
  if (newest === undefined) return false;
  const { timeframe } = series;
  const isInTime = answer.exchangeNowMs < closeTimeOf(timeframe, closeTimeOf(timeframe, expected));
  const first = followed.newest === undefined ? newest : followed.newest + timeframeMs(timeframe);
  const note = { series, seriesId, attempts: attempt };
  const absent = absentAtVenue(answer, reading.closed, timeframe, first);
  // Told before the candles: whoever they wake must not take for missing what the venue never had.
  for (const openTime of absent) followed.gaps.delete(openTime);
  tell(
    deps,
    absent.map((openTime) => ({ ...note, openTime, state: "empty", reason: EMPTY })),
  );
  await deps.architect.ask(
    "saveCandles",
    {
      series,
      seriesId,
      candles,
      source: attempt === 1 ? "poll" : "retry",
      attempt,
      fetchedAt: deps.clock.nowMs(),
      answeredAt,
      // Only the candle of the window that runs now is worth a signal.
      wakes: reading.outcome === "ok" && isInTime ? expected : null,
    },
    { timeoutMs: deps.storeTimeoutMs },
  );
  const damaged = leftOpen(answer, reading.closed, timeframe, first).filter(
    (openTime) => !followed.gaps.has(openTime),
  );
  for (const openTime of damaged) followed.gaps.add(openTime);
  const healed = candles.map((c) => c.openTime).filter((t) => followed.gaps.delete(t));
  tell(deps, [
    ...damaged.map((openTime) => ({
      ...note,
      openTime,
      state: "missing" as const,
      reason: DAMAGED,
    })),
    ...healed.map((openTime) => ({ ...note, openTime, state: "healed" as const, reason: HEALED })),
  ]);
  if (followed.newest === undefined || newest > followed.newest) followed.newest = newest;
  return absent.includes(expected);
}

function tell(deps: PursuitDeps, notes: readonly GapReport[]): void {
  if (notes.length > 0) deps.architect.tell("noteGaps", notes);
}
