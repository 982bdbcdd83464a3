import { type ByKind, byKind } from "./by-kind.ts";
import type { Fault } from "./kinds.ts";

/** When and how an answer is spoilt. */
export interface Moment {
  /** The exchange's clock, UTC ms. */
  readonly nowMs: number;
  /** How many of the same requests came before. */
  readonly call: number;
}

type Row = readonly unknown[];

/** Cells of a row. */
const OPEN_TIME = 0;
const LOW = 3;
const CLOSE = 4;
const VOLUME = 5;
/** The last instant of the candle. */
const LAST_MS = 6;

const SPOILT: ByKind<[Moment], unknown> = {
  "empty-object": () => ({}),
  "clock-skew": ({ skewMs }, { nowMs }) => ({ serverTime: nowMs + skewMs }),
  "clock-step": ({ stepMs, everyMs }, { nowMs }) => ({
    serverTime: nowMs + (Math.floor(nowMs / everyMs) % 2) * stepMs,
  }),
};

const ROWS: ByKind<[readonly Row[], Moment], readonly Row[]> = {
  "late-candle": ({ lateMs }, rows, { nowMs }) =>
    rows.filter((row) => lastMsOf(row) < nowMs - lateMs),
  "missing-rows": ({ every }, rows) => rows.filter((row) => numberOf(row) % every !== 0),
  "duplicate-rows": ({ conflicting }, rows) =>
    rows.flatMap((row) => [row, conflicting ? revised(row) : row]),
  "reversed-rows": (_, rows) => rows.toReversed(),
  "flapping-rows": ({ back }, rows, { nowMs, call }) => {
    const flaps = newestOf(rows, nowMs) - back;
    return call % 2 === 0 ? rows : rows.filter((_, i) => i !== flaps);
  },
  "revised-candle": (_, rows, { nowMs }) => withNewest(rows, nowMs, revised),
  "misaligned-rows": ({ shiftMs }, rows) =>
    rows.map((row) => row.with(OPEN_TIME, openTimeOf(row) + shiftMs)),
  "nan-price": (_, rows, { nowMs }) => withNewest(rows, nowMs, (row) => row.with(CLOSE, "NaN")),
  "negative-price": (_, rows, { nowMs }) =>
    withNewest(rows, nowMs, (row) => row.with(LOW, "-1.00000000")),
  "zero-price": (_, rows, { nowMs }) =>
    withNewest(rows, nowMs, (row) => row.with(LOW, "0.00000000")),
};

/** A sound answer's content, spoilt: what a fault leaves of candles and of the time. */
export function spoilAnswer(fault: Fault | undefined, answer: unknown, moment: Moment): unknown {
  if (fault?.kind === "null-body") return null;
  const rows = Array.isArray(answer) ? (answer as readonly Row[]) : undefined;
  const spoilt = rows && byKind(ROWS, fault, rows, moment);
  return spoilt ?? byKind(SPOILT, fault, moment) ?? answer;
}

/** Where the newest closed row stands. */
function newestOf(rows: readonly Row[], nowMs: number): number {
  return rows.findLastIndex((row) => lastMsOf(row) < nowMs);
}

function withNewest(
  rows: readonly Row[],
  nowMs: number,
  change: (row: Row) => Row,
): readonly Row[] {
  const newest = newestOf(rows, nowMs);
  return rows.map((row, i) => (i === newest ? change(row) : row));
}

/** The same candle as the venue might correct it: still sound, but another one. */
function revised(row: Row): Row {
  return row.with(CLOSE, row[LOW]).with(VOLUME, String(Number(row[VOLUME]) + 1));
}

function openTimeOf(row: Row): number {
  return Number(row[OPEN_TIME]);
}

function lastMsOf(row: Row): number {
  return Number(row[LAST_MS]);
}

/** Which candle of its length it is since the beginning of time. */
function numberOf(row: Row): number {
  return Math.round(openTimeOf(row) / (lastMsOf(row) + 1 - openTimeOf(row)));
}
