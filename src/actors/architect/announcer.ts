import type { HubEvent } from "../../market/events.ts";
import type { Series } from "../../market/series.ts";
import { timeframeMs } from "../../market/timeframe.ts";
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

  /** Tells the world what was stored, and wakes the one analyst it concerns. */
  saved(batch: CandleBatch, answer: SaveAnswer): void {
    const { series, seriesId, source, wakes } = batch;
    const added = new Set(answer.added);
    const revised = new Set(answer.revised);
    const isHistory = source === "bootstrap" || source === "backfill";
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
      else if (this.#wakes.give(seriesId, candle.openTime, batch.answeredAt)) {
        const wake = { candle, answeredAt: batch.answeredAt };
        this.#deps.analyst(series)?.tell("wake", wake);
      }
    }
    if (historyChanged) this.#historySaved(batch, answer, isHistory);
  }

  #historySaved(batch: CandleBatch, answer: SaveAnswer, isHistory: boolean): void {
    const { series, source } = batch;
    const newest = batch.candles.at(-1);
    if (isHistory && newest !== undefined) {
      const count = answer.added.length + answer.revised.length;
      const newestOpenTime = newest.openTime;
      const newestClose = newest.close;
      this.#deps.publish({
        kind: "history-saved",
        series,
        count,
        newestOpenTime,
        newestClose,
        source,
      });
    }
    this.#deps.analyst(series)?.tell("reload", { reason: "older candles changed" });
  }
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
