import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { StartRefusal } from "../../../config/refusal.ts";
import { timeframeMs } from "../../../market/timeframe.ts";
import { messageOf } from "../../../runtime/errors.ts";
import { parseFileName, readRows } from "./candle-file.ts";
import type { CandleFile } from "./choose-files.ts";

/**
 * The candle files of a folder with their spans; files with other names are none of ours.
 * @throws StartRefusal when the folder cannot be read, holds no candle file, or one of them does
 * not begin or end with a time.
 */
export async function listFolder(folder: string): Promise<CandleFile[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw new StartRefusal(`replay folder ${folder}: ${messageOf(error)}`, error);
  }
  const files: CandleFile[] = [];
  for (const name of names.toSorted()) {
    const parsed = parseFileName(name);
    if (parsed === undefined) continue;
    const path = join(folder, name);
    const rows = await readRows(path);
    const startMs = timeOf(name, "first", rows);
    // Nobody needs the lines between to know the span; most files are not chosen.
    const lastMs = timeOf(name, "last", rows.slice(rows.lastIndexOf("\n") + 1));
    files.push({ ...parsed, path, name, startMs, endMs: lastMs + timeframeMs(parsed.timeframe) });
  }
  if (files.length === 0) {
    throw new StartRefusal(`replay folder ${folder}: holds no BASE_QUOTE-timeframe-….csv[.gz]`);
  }
  return files;
}

function timeOf(name: string, which: "first" | "last", line: string): number {
  const [cell = ""] = line.split(/[,\r\n]/, 1);
  if (/^\d{1,15}$/.test(cell)) return Number(cell);
  throw new StartRefusal(`recording ${name}, ${which} row: ${JSON.stringify(cell)} is not a time`);
}
