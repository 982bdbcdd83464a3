import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type Timeframe, timeframeMs } from "../../../src/market/timeframe.ts";

/** Recorded candles beside the project; they are not part of it. */
export const RECORDINGS = fileURLToPath(
  new URL("../../../../shared/marketdata/binance_spot/", import.meta.url),
);
export const hasRecordings = existsSync(RECORDINGS);

/** Six figures as text, exactly as recorded. */
export type Row = readonly [number, string, string, string, string, string];

export function readRows(file: string): Row[] {
  const text = gunzipSync(readFileSync(`${RECORDINGS}${file}`)).toString();
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [time = "", open = "", high = "", low = "", close = "", volume = ""] = line.split(",");
      return [Number(time), open, high, low, close, volume];
    });
}

/** The figures of an hour or a quarter out of its minutes; volumes are summed exactly. */
export function aggregate(rows: readonly Row[], timeframe: Timeframe): number[][] {
  const length = timeframeMs(timeframe);
  const buckets = new Map<number, Row[]>();
  for (const row of rows) {
    const openTime = Math.floor(row[0] / length) * length;
    buckets.set(openTime, [...(buckets.get(openTime) ?? []), row]);
  }
  return [...buckets].map(([openTime, parts]) => [
    openTime,
    Number(parts[0]?.[1]),
    Math.max(...parts.map((part) => Number(part[2]))),
    Math.min(...parts.map((part) => Number(part[3]))),
    Number(parts.at(-1)?.[4]),
    exactSum(parts.map((part) => part[5])),
  ]);
}

const SCALE = 12;

function exactSum(texts: readonly string[]): number {
  const scaled = texts.map((text) => {
    const [whole = "0", fraction = ""] = text.split(".");
    return BigInt(whole + fraction.padEnd(SCALE, "0"));
  });
  const sum = scaled
    .reduce((total, value) => total + value, 0n)
    .toString()
    .padStart(SCALE + 1, "0");
  return Number(`${sum.slice(0, -SCALE)}.${sum.slice(-SCALE)}`);
}
