import type { GapFate, GapState } from "../gap-fate.ts";
import type { Database, Gap, GapStore } from "../port.ts";
import {
  listOf,
  numberIn,
  numberOf,
  numberOrNull,
  type Row,
  rowOf,
  seriesArgs,
  seriesOf,
  textIn,
  wordIn,
} from "./parse.ts";

const STATES: readonly GapState[] = ["pending", "missing", "empty", "healed"];

export function gapStore(database: Database): GapStore {
  return {
    async note(notes) {
      if (notes.length === 0) return [];
      const changed = await database.call("hub_gaps_note", {
        s: notes.map((note) => note.seriesId),
        t: notes.map((note) => note.openTime),
        state: notes.map((note) => note.state),
        reason: notes.map((note) => note.reason),
        attempts: notes.map((note) => note.attempts),
        at: notes.map((note) => note.at),
      });
      const places = new Set(listOf(changed, (place) => numberOf(place)));
      return notes.filter((_, i) => places.has(i));
    },

    async list({ state, series, limit, beforeId }) {
      const about = series === undefined ? {} : seriesArgs(series);
      const args = { ...about, p_limit: limit, p_state: state, p_before: beforeId };
      return listOf(await database.call("hub_gaps_list", args), gapOf);
    },

    async openTimes(seriesId, fromMs, toMs, states) {
      const args = { p_series: seriesId, p_from: fromMs, p_to: toMs, p_states: states };
      return listOf(await database.call("hub_gaps_open_times", args), (at) => numberOf(at));
    },
  };
}

function gapOf(value: unknown): Gap {
  const row = rowOf(value);
  return {
    ...seriesOf(row),
    id: numberIn(row, "id"),
    openTime: numberIn(row, "openTime"),
    discardedAt: numberOrNull(row, "discardedAt"),
    ...gapFateOf(row),
  };
}

/** What became of a candle that did not come. */
export function gapFateOf(row: Row): GapFate {
  return {
    state: wordIn(row, "state", STATES),
    reason: textIn(row, "reason"),
    attempts: numberIn(row, "attempts"),
    noticedAt: numberIn(row, "noticedAt"),
    settledAt: numberOrNull(row, "settledAt"),
  };
}
