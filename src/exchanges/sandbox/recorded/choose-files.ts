import { timeframeMs } from "../../../market/timeframe.ts";
import type { CandleFileName } from "./candle-file.ts";

/** A candle file and what it spans: first open and last close, UTC ms as recorded. */
export interface CandleFile extends CandleFileName {
  readonly path: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Finer candles first; among equals the longer file, then by name, so that the order is settled. */
function byPreference(a: CandleFile, b: CandleFile): number {
  return (
    timeframeMs(a.timeframe) - timeframeMs(b.timeframe) ||
    b.endMs - b.startMs - (a.endMs - a.startMs) ||
    (a.name < b.name ? -1 : 1)
  );
}

/** The file by which a replay is aligned when no instant is asked for; undefined without files. */
export function leadingFile(files: readonly CandleFile[]): CandleFile | undefined {
  return files.toSorted(byPreference)[0];
}

/**
 * The base of each pair: its finest file that contains the recorded instant. Files that do not
 * contain it stay out, and pairs without one are not listed. Sorted by name.
 */
export function chooseFiles(files: readonly CandleFile[], atMs: number): CandleFile[] {
  const chosen = new Map<string, CandleFile>();
  for (const file of files.toSorted(byPreference)) {
    const pair = `${file.base}/${file.quote}`;
    const contains = file.startMs <= atMs && atMs < file.endMs;
    if (contains && !chosen.has(pair)) chosen.set(pair, file);
  }
  return [...chosen.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
