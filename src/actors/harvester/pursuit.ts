import { ExchangeFailure } from "../../exchanges/errors.ts";
import {
  type CandleAnswer,
  type MarketData,
  PRIORITY,
  type Priority,
} from "../../exchanges/port.ts";
import type { HubEvent, PollOutcome } from "../../market/events.ts";
import { closeTimeOf, lastClosedOpenTime, timeframeMs } from "../../market/timeframe.ts";
import { AskFailure } from "../../runtime/ask-failure.ts";
import type { Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { Ref } from "../../runtime/protocol.ts";
import type { ArchitectProtocol, GapReport } from "../architect/protocol.ts";
import type { Followed } from "./followed.ts";
import { healedReports, lackingReports } from "./gap-reports.ts";
import { isTraded } from "./is-traded.ts";
import type { Delivery } from "./outbox.ts";
import { mostRows, requestFor } from "./poll-request.ts";
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
}

/** Why a pursuit was aborted when the reason is the next close; any other end leaves no gap behind. */
export const NEXT_CLOSE = "the next candle has closed";

/** Why one was aborted whose candle has yet to close: an earlier one has closed before it. */
export const TOLD_TOO_EARLY = "its close was told too early";

/** Of a candle that has yet to close it is looked this often whether the clocks still say so, hub ms. */
const LOOK_AGAIN_MS = 15_000;

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
  let isDue = true;
  while (!signal.aborted) {
    const restMs = closeTimeOf(series.timeframe, expected) - deps.market.exchangeNowMs();
    if (restMs > 0) {
      await tryClosed(deps, followed, signal);
      await deps.clock.sleep(Math.min(restMs, LOOK_AGAIN_MS), signal).catch(() => undefined);
      continue;
    }
    attempt += 1;
    const priority = held ? PRIORITY.heldCandle : PRIORITY.candle;
    const tried = await tryOnce(deps, followed, expected, attempt, priority, signal);
    if (tried.kind === "settled") return;
    // What a cut-off call says tells nothing about the candle.
    if (signal.aborted) break;
    if (tried.kind === "next-page") {
      attempt -= 1;
      continue;
    }
    ({ reason, isDue } = tried);
    const next = nextTry(series.timeframe, attempt);
    if (next.pending && isDue && !pending) {
      pending = true;
      followed.gaps.add(expected);
      report("pending", reason, attempt);
    }
    await deps.clock.sleep(next.waitMs, signal).catch(() => undefined);
  }
  if (signal.reason !== NEXT_CLOSE || !isDue) return;
  // No signal will ever come of this candle, though its data may heal.
  if (followed.newest === undefined || followed.newest < expected || followed.gaps.has(expected)) {
    followed.giveUp(expected);
    report("missing", reason, attempt);
  }
}

/**
 * Asks once for the candle that has closed last, unless it is stored: its pursuit ended when a close
 * was told that is yet to come.
 */
async function tryClosed(
  deps: PursuitDeps,
  followed: Followed,
  signal: AbortSignal,
): Promise<void> {
  const last = lastClosedOpenTime(followed.series.timeframe, deps.market.exchangeNowMs());
  if (followed.newest === undefined || last <= followed.newest) return;
  if (!isTraded(deps.market, followed.series)(last)) return;
  await tryOnce(deps, followed, last, 1, PRIORITY.candle, signal);
}

type Tried =
  /** Stored, in the hands of a newer poll, or known to be empty. */
  | { readonly kind: "settled" }
  /** What was stored was older: more is due than one answer holds. */
  | { readonly kind: "next-page" }
  /**
   * Why the candle is still missing. Not `isDue` when it was asked for by a clock that may be ahead:
   * nothing proves that it has closed, and nothing is written down of it.
   */
  | { readonly kind: "missing"; readonly reason: string; readonly isDue: boolean };

const SETTLED: Tried = { kind: "settled" };

/** One poll. */
async function tryOnce(
  deps: PursuitDeps,
  followed: Followed,
  expected: number,
  attempt: number,
  priority: Priority,
  signal: AbortSignal,
): Promise<Tried> {
  let isDue = true;
  const missing = (reason: string): Tried => ({ kind: "missing", reason, isDue });
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
  const asked = requestFor(deps.market, followed, expected);
  let answer: CandleAnswer;
  try {
    answer = await deps.market.candles(asked, { priority, signal });
  } catch (error) {
    if (signal.aborted) return missing("given up at the next close");
    if (!(error instanceof ExchangeFailure)) throw error;
    finish(error.fault === "banned" ? "banned" : "failed");
    return missing(messageOf(error));
  }
  isDue = answer.exchangeNowMs >= closeTimeOf(followed.series.timeframe, expected);
  const answeredAt = deps.machineClock.nowMs();
  const reading = readAnswer(answer, followed.series.timeframe, expected);
  finish(reading.outcome);
  const before = followed.newest ?? 0;
  try {
    const kept = await store(deps, followed, expected, attempt, answer, reading, answeredAt);
    if (kept === "doubtful") return missing("the exchange passed over a candle: asked once more");
    if (kept === "replaced" || kept === "empty" || reading.outcome === "ok") return SETTLED;
  } catch (error) {
    // The architect has failed and is restarting: the next try brings the same rows again.
    if (!(error instanceof AskFailure)) throw error;
    return missing(`not stored: ${messageOf(error)}`);
  }
  const isFull = asked.limit === mostRows(deps.market);
  const hasMore = isFull && (followed.newest ?? 0) > before;
  return hasMore ? { kind: "next-page" } : missing(reading.reason);
}

/**
 * Stores what an answer brought, unless it is doubtful: another one is to say the same first. `empty`
 * when the venue lacks the expected candle.
 */
async function store(
  deps: PursuitDeps,
  followed: Followed,
  expected: number,
  attempt: number,
  answer: CandleAnswer,
  reading: Reading,
  answeredAt: number,
): Promise<Delivery | "empty" | "doubtful"> {
  const { series, seriesId } = followed;
  // A newer candle that closed a moment ago is left to its own pursuit, which wakes its analyst.
  const candles = reading.closed.filter((candle) => candle.openTime <= expected);
  const newest = candles.at(-1)?.openTime;
  if (newest === undefined) return "stored";
  const { timeframe } = series;
  const isInTime = answer.exchangeNowMs < closeTimeOf(timeframe, closeTimeOf(timeframe, expected));
  const isGivenUp = followed.isGivenUp(expected);
  const first = followed.newest === undefined ? newest : followed.newest + timeframeMs(timeframe);
  const traded = isTraded(deps.market, series);
  const absent = absentAtVenue(answer, reading.closed, timeframe, first).filter(traded);
  if (followed.isDoubtful(absent)) return "doubtful";
  const open = leftOpen(answer, reading.closed, timeframe, first).filter(
    ({ openTime }) => traded(openTime) && !followed.gaps.has(openTime),
  );
  followed.noteEmpty(absent);
  for (const { openTime } of open) followed.gaps.add(openTime);
  // Told before the candles: whoever they wake is to know what is missing, and what never was there.
  tell(deps, lackingReports(followed, attempt, absent, open));
  const delivery = await followed.outbox.deliver({
    series,
    seriesId,
    candles,
    source: attempt === 1 ? "poll" : "retry",
    attempt,
    fetchedAt: deps.clock.nowMs(),
    answeredAt,
    // Only the candle of the window that runs now is worth a signal.
    wakes: reading.outcome === "ok" && isInTime && !isGivenUp ? expected : null,
  });
  if (delivery === "replaced") return delivery;
  const healed = followed.heal(candles.map((candle) => candle.openTime));
  tell(deps, healedReports(followed, attempt, healed));
  if (followed.newest === undefined || newest > followed.newest) followed.newest = newest;
  return absent.includes(expected) ? "empty" : delivery;
}

function tell(deps: PursuitDeps, notes: readonly GapReport[]): void {
  if (notes.length > 0) deps.architect.tell("noteGaps", notes);
}
