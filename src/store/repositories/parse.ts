import { type DecimalText, isDecimalText } from "../../market/decimal.ts";
import type { Series } from "../../market/series.ts";
import {
  isTimeframe,
  TIMEFRAMES,
  type Timeframe,
  timeframeMinutes,
} from "../../market/timeframe.ts";
import { StoreFailure } from "../errors.ts";
import type { Fence } from "../lease-port.ts";

/** An object as it came out of the database, nothing known of it yet. */
export type Row = { readonly [key: string]: unknown };

/** The database gave what the hub does not understand: their versions do not fit. */
function unexpected(what: string, value: unknown): StoreFailure {
  const seen = JSON.stringify(value)?.slice(0, 100) ?? "nothing";
  return new StoreFailure("refused", "unexpected-answer", `expected ${what}, got ${seen}`);
}

export function rowOf(value: unknown): Row {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unexpected("an object", value);
  }
  return value as Row;
}

export function listOf<Item>(value: unknown, read: (item: unknown) => Item): readonly Item[] {
  if (!Array.isArray(value)) throw unexpected("a list", value);
  return value.map(read);
}

export function numberIn(row: Row, key: string): number {
  return numberOf(row[key], key);
}

export function numberOf(value: unknown, name = "a number"): number {
  if (typeof value !== "number") throw unexpected(`a number for ${name}`, value);
  return value;
}

export function numberOrNull(row: Row, key: string): number | null {
  return row[key] === null || row[key] === undefined ? null : numberIn(row, key);
}

export function textIn(row: Row, key: string): string {
  return textOf(row[key], key);
}

export function textOf(value: unknown, name = "a text"): string {
  if (typeof value !== "string") throw unexpected(`a text for ${name}`, value);
  return value;
}

export function flagOf(value: unknown): boolean {
  if (typeof value !== "boolean") throw unexpected("true or false", value);
  return value;
}

export function moneyIn(row: Row, key: string): DecimalText {
  const value = row[key];
  if (!isDecimalText(value)) throw unexpected(`a decimal for ${key}`, value);
  return value;
}

export function moneyOrNull(row: Row, key: string): DecimalText | null {
  return row[key] === null || row[key] === undefined ? null : moneyIn(row, key);
}

/** One of a closed set of words. */
export function wordIn<Word extends string>(row: Row, key: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === row[key]);
  if (found === undefined) throw unexpected(`${words.join(" or ")} for ${key}`, row[key]);
  return found;
}

/** The key with its value where there is one: what is absent stays absent. */
export function optional<Key extends string, Value>(
  row: Row,
  key: Key,
  read: (row: Row, key: string) => Value,
): { readonly [K in Key]?: Value } {
  if (row[key] === null || row[key] === undefined) return {};
  return { [key]: read(row, key) } as { readonly [K in Key]: Value };
}

const BY_MINUTES = new Map(TIMEFRAMES.map((name) => [timeframeMinutes(name), name]));

/** Reads `tf`, the timeframe in minutes. */
export function timeframeOf(row: Row): Timeframe {
  const timeframe: Timeframe | undefined = BY_MINUTES.get(numberIn(row, "tf"));
  if (!isTimeframe(timeframe)) throw unexpected("a timeframe", row["tf"]);
  return timeframe;
}

/** Reads exchange, pair and timeframe. */
export function seriesOf(row: Row): Series {
  return {
    exchange: textIn(row, "exchange"),
    pair: textIn(row, "pair"),
    timeframe: timeframeOf(row),
  };
}

/** A series as the functions take it: each argument with the prefix of a parameter. */
export function seriesArgs({ exchange, pair, timeframe }: Series): {
  readonly p_exchange: string;
  readonly p_pair: string;
  readonly p_tf: number;
} {
  return { p_exchange: exchange, p_pair: pair, p_tf: timeframeMinutes(timeframe) };
}

/** A fence as the functions take it. */
export function fenceArgs({ lease, epoch }: Fence): {
  readonly p_lease: string;
  readonly p_epoch: number;
} {
  return { p_lease: lease, p_epoch: epoch };
}

/** A series inside a JSON argument. */
export function seriesRow({ exchange, pair, timeframe }: Series): {
  readonly exchange: string;
  readonly pair: string;
  readonly tf: number;
} {
  return { exchange, pair, tf: timeframeMinutes(timeframe) };
}
