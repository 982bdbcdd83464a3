import type { Candle } from "../../market/candle.ts";
import type { HubEvent } from "../../market/events.ts";
import type { Series } from "../../market/series.ts";
import { closeTimeOf, timeframeMs } from "../../market/timeframe.ts";
import type { Ref } from "../../runtime/protocol.ts";
import type { AnalystProtocol } from "../analyst/protocol.ts";
import type { CandleBatch, GapReport, SaveAnswer } from "./protocol.ts";
import type { Wakes } from "./wakes.ts";

export interface AnnouncerDeps {
  readonly publish: (event: HubEvent) => void;
  /** Finds the analyst of a series, if it has one. */
  readonly analyst: (series: Series) => Ref<AnalystProtocol> | undefined;
}

/** Says what has been stored, to those whom it concerns. */
export class Announcer {
  readonly #deps: AnnouncerDeps;
  readonly #wakes: Wakes;

  constructor(deps: AnnouncerDeps, wakes: Wakes) {
    this.#deps = deps;
    this.#wakes = wakes;
  }

  /**
   * Tells the world what was stored, and wakes the one analyst it concerns. A candle that had to wait
   * for the database beyond its own window is history by now.
   */
  saved(batch: CandleBatch, answer: SaveAnswer, nowMs: number): void {
    const { series, seriesId, source } = batch;
    const wakes =
      batch.wakes !== null && isWindowOver(series, batch.wakes, nowMs) ? null : batch.wakes;
    const added = new Set(answer.added);
    const revised = new Set(answer.revised);
    const isHistory = source === "bootstrap" || source === "backfill";
    let woken: Candle | undefined;
    let historyChanged = false;
    for (const candle of batch.candles) {
      const isNew = added.has(candle.openTime);
      if (!isNew && !revised.has(candle.openTime)) continue;
      this.#wakes.noteStored(seriesId, candle.openTime);
      if (!isHistory) {
        const { openTime, close } = candle;
        const closeTime = openTime + timeframeMs(series.timeframe);
        const novelty = isNew ? ("new" as const) : ("revised" as const);
        this.#deps.publish({
          kind: "candle-saved",
          series,
          openTime,
          closeTime,
          close,
          novelty,
          source,
        });
      }
      if (!isNew || candle.openTime !== wakes) historyChanged = true;
      else if (this.#wakes.give(seriesId, candle.openTime, batch.answeredAt)) woken = candle;
    }
    if (isHistory && historyChanged) this.#historySaved(batch, answer);
    const analyst = this.#deps.analyst(series);
    if (woken !== undefined) {
      // In one message: on the window as it was before, it would decide on figures that are gone.
      const wake = { candle: woken, answeredAt: batch.answeredAt, afresh: historyChanged };
      analyst?.tell("wake", wake);
    } else if (historyChanged) analyst?.tell("reload", { reason: "older candles changed" });
  }

  #historySaved({ series, source, candles }: CandleBatch, answer: SaveAnswer): void {
    const newest = candles.at(-1);
    if (newest === undefined) return;
    this.#deps.publish({
      kind: "history-saved",
      series,
      count: answer.added.length + answer.revised.length,
      newestOpenTime: newest.openTime,
      newestClose: newest.close,
      source,
    });
  }
}

function isWindowOver({ timeframe }: Series, openTime: number, nowMs: number): boolean {
  return nowMs >= closeTimeOf(timeframe, closeTimeOf(timeframe, openTime));
}

/** The fact that a gap report tells. */
export function gapEvent(report: GapReport): HubEvent {
  const { series, openTime, reason } = report;
  switch (report.state) {
    case "pending":
      return { kind: "retry-pending", series, openTime, reason };
    case "missing":
      return { kind: "gap-opened", series, openTime };
    case "empty":
      return { kind: "gap-confirmed-empty", series, openTime };
    case "healed":
      return { kind: "gap-healed", series, openTime };
  }
}
