import { timeframeMinutes } from "../../market/timeframe.ts";
import type { Database } from "../port.ts";
import type { CandleAge, MonthFigures, Step, StoreFigures, UpkeepStore } from "../upkeep-port.ts";
import {
  flagOf,
  listOf,
  numberIn,
  numberOrNull,
  type Row,
  rowOf,
  textIn,
  timeframeOf,
} from "./parse.ts";

/** Removed by one step, which then takes some tens of milliseconds. */
const ROWS_A_STEP = 2_000;

/**
 * Putting a month in order takes as much of this as it has candles; larger months are left alone.
 * A hub that stops waits for it.
 */
const TIDY_LIMIT_MS = 30_000;

/** Counting every table of a large database. */
const FIGURES_LIMIT_MS = 30_000;

export function upkeepStore(database: Database): UpkeepStore {
  const step = async <Done>(
    fn: string,
    args: Row,
    done: (row: Row) => { readonly more: boolean } & Done,
    options?: { timeoutMs: number },
  ): Promise<Step<Done>> => {
    const row = rowOf(await database.call(fn, args, options));
    return row["busy"] === true ? { kind: "busy" } : { kind: "done", ...done(row) };
  };
  const removed = (row: Row) => ({ rows: numberIn(row, "rows"), more: flagOf(row["more"]) });

  return {
    trim: (age, revisedBefore) =>
      step(
        "hub_candles_trim",
        { ...ageArgs(age), p_limit: ROWS_A_STEP, p_revised_before: revisedBefore },
        (row) => ({
          candles: numberIn(row, "candles"),
          revisions: numberIn(row, "revisions"),
          gaps: numberIn(row, "gaps"),
          more: flagOf(row["more"]),
        }),
      ),

    retire: (age) =>
      step("hub_candles_retire", ageArgs(age), (row) => ({
        month: row["month"] === null ? null : monthIn(row),
        ...removed(row),
      })),

    forget: (what, beforeMs) =>
      step("hub_forget", { p_what: what, p_before: beforeMs, p_limit: ROWS_A_STEP }, removed),

    tidy: (endedBeforeMs) =>
      step(
        "hub_candles_tidy",
        { p_over_before: endedBeforeMs },
        (row) => ({
          month: row["month"] === null ? null : `${timeframeOf(row)} ${monthIn(row)}`,
          more: flagOf(row["more"]),
        }),
        { timeoutMs: TIDY_LIMIT_MS },
      ),

    async figures({ months } = { months: false }) {
      const limit = { timeoutMs: FIGURES_LIMIT_MS };
      return figuresOf(rowOf(await database.call("hub_stats", { p_months: months }, limit)));
    },
  };
}

function ageArgs({ timeframe, keepMs, nowMs }: CandleAge): Row {
  return { p_tf: timeframeMinutes(timeframe), p_keep_ms: keepMs, p_now: nowMs };
}

function figuresOf(answer: Row): StoreFigures {
  return {
    databaseBytes: numberIn(answer, "databaseBytes"),
    tables: listOf(answer["tables"], (value) => {
      const row = rowOf(value);
      return { name: textIn(row, "name"), ...countOf(row), ...sizeOf(row), ...spanOf(row) };
    }),
    candles: listOf(answer["candles"], (value) => {
      const row = rowOf(value);
      const rows = numberIn(row, "rows");
      const size = sizeOf(row);
      return {
        timeframe: timeframeOf(row),
        rows,
        bytesPerCandle: rows === 0 ? null : size.totalBytes / rows,
        ...size,
        ...spanOf(row),
        months: row["months"] === undefined ? [] : listOf(row["months"], monthFiguresOf),
      };
    }),
  };
}

function monthFiguresOf(value: unknown): MonthFigures {
  const row = rowOf(value);
  return { month: monthIn(row), ...countOf(row), ...sizeOf(row) };
}

/** `202601` as people write it; `default` stays. */
function monthIn(row: Row): string {
  return textIn(row, "month").replace(/^(\d{4})(\d\d)$/, "$1-$2");
}

function countOf(row: Row): { rows: number; exact: boolean } {
  return { rows: numberIn(row, "rows"), exact: flagOf(row["exact"]) };
}

function spanOf(row: Row): { oldest: number | null; newest: number | null } {
  return { oldest: numberOrNull(row, "oldest"), newest: numberOrNull(row, "newest") };
}

function sizeOf(row: Row): { tableBytes: number; indexBytes: number; totalBytes: number } {
  return {
    tableBytes: numberIn(row, "tableBytes"),
    indexBytes: numberIn(row, "indexBytes"),
    totalBytes: numberIn(row, "totalBytes"),
  };
}
