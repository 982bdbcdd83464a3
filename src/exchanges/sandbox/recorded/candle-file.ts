import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { StartRefusal } from "../../../config/refusal.ts";
import { isTimeframe, type Timeframe } from "../../../market/timeframe.ts";
import { messageOf } from "../../../runtime/errors.ts";

/** What a candle file's name says. */
export interface CandleFileName {
  readonly base: string;
  readonly quote: string;
  readonly timeframe: Timeframe;
}

const NAME = /^([A-Z0-9]{1,10})_([A-Z0-9]{1,10})-(\d+[mhdw])(?:-[^/]*)?\.csv(?:\.gz)?$/;

/** Reads a name such as `BTC_USDT-1m-20230316-20230501.csv.gz`; undefined for any other. */
export function parseFileName(name: string): CandleFileName | undefined {
  const [, base, quote, timeframe] = NAME.exec(name) ?? [];
  if (base === undefined || quote === undefined || !isTimeframe(timeframe)) return undefined;
  return { base, quote, timeframe };
}

/**
 * The text of a candle file behind its header line.
 * @throws StartRefusal when the file cannot be read or unpacked, has another header, or no row.
 */
export async function readRows(path: string): Promise<string> {
  const name = basename(path);
  let text: string;
  try {
    const bytes = await readFile(path);
    text = (name.endsWith(".gz") ? await promisify(gunzip)(bytes) : bytes).toString("utf8");
  } catch (error) {
    throw new StartRefusal(`recording ${name}: ${messageOf(error)}`, error);
  }
  const [header] = text.split(/\r?\n/, 1);
  if (header !== HEADER) {
    throw new StartRefusal(`recording ${name} line 1: the header must be ${HEADER}`);
  }
  const rows = text.slice(text.indexOf("\n") + 1).trimEnd();
  if (!text.includes("\n") || rows === "") {
    throw new StartRefusal(`recording ${name}: holds no candles`);
  }
  return rows;
}

const HEADER = "time_ms,open,high,low,close,volume";
