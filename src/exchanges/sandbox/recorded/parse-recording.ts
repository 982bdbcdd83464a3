import { StartRefusal } from "../../../config/refusal.ts";
import { isDecimalText } from "../../../market/decimal.ts";
import { isOpenTime, type Timeframe } from "../../../market/timeframe.ts";
import { decimalsOf, fixedFrom } from "../fixed-point.ts";

/** A file's candles in columns, times as recorded, the rest in whole ticks and lots. */
export interface Recording {
  readonly timeframe: Timeframe;
  readonly openTimes: Float64Array;
  readonly open: BigInt64Array;
  readonly high: BigInt64Array;
  readonly low: BigInt64Array;
  readonly close: BigInt64Array;
  readonly volume: BigInt64Array;
  /** The most digits after the point that a price, and that a volume, of the file has. */
  readonly priceDecimals: number;
  readonly volumeDecimals: number;
}

type Cells = readonly [string, string, string, string, string, string];

/**
 * Reads the lines of a candle file. Numbers keep their exact decimal value.
 * @param lines without the header: the first one is line 2 of the file.
 * @throws StartRefusal naming file, line and fault at the first line that is not a sound candle.
 */
export function parseRecording(
  fileName: string,
  timeframe: Timeframe,
  lines: readonly string[],
): Recording {
  const refuse = (i: number, fault: string): never => {
    throw new StartRefusal(`recording ${fileName} line ${i + 2}: ${fault}`);
  };
  const rows = lines.map((line, i) => cellsOf(line) ?? refuse(i, wrongCells(line)));
  const priceDecimals = mostDecimals(rows, [1, 2, 3, 4]);
  const volumeDecimals = mostDecimals(rows, [5]);
  const recording = emptyRecording(rows.length, timeframe, priceDecimals, volumeDecimals);
  rows.forEach((cells, i) => {
    const fault = fill(recording, i, cells);
    if (fault !== undefined) refuse(i, fault);
  });
  return recording;
}

function cellsOf(line: string): Cells | undefined {
  const cells = line.split(",");
  return cells.length === 6 && cells.every(isDecimalText) ? (cells as unknown as Cells) : undefined;
}

function wrongCells(line: string): string {
  const cells = line.split(",");
  if (cells.length !== 6) return `has ${cells.length} columns instead of 6`;
  const wrong = cells.find((cell) => !isDecimalText(cell));
  return `${JSON.stringify(wrong)} is not a number`;
}

function mostDecimals(rows: readonly Cells[], columns: readonly (1 | 2 | 3 | 4 | 5)[]): number {
  let most = 0;
  for (const cells of rows) {
    for (const column of columns) most = Math.max(most, decimalsOf(cells[column]));
  }
  return most;
}

function emptyRecording(
  length: number,
  timeframe: Timeframe,
  priceDecimals: number,
  volumeDecimals: number,
): Recording {
  return {
    timeframe,
    openTimes: new Float64Array(length),
    open: new BigInt64Array(length),
    high: new BigInt64Array(length),
    low: new BigInt64Array(length),
    close: new BigInt64Array(length),
    volume: new BigInt64Array(length),
    priceDecimals,
    volumeDecimals,
  };
}

/** Puts a row into the columns; says what is wrong with it instead. */
function fill(recording: Recording, i: number, cells: Cells): string | undefined {
  const time = Number(cells[0]);
  const open = fixedFrom(cells[1], recording.priceDecimals);
  const high = fixedFrom(cells[2], recording.priceDecimals);
  const low = fixedFrom(cells[3], recording.priceDecimals);
  const close = fixedFrom(cells[4], recording.priceDecimals);
  const volume = fixedFrom(cells[5], recording.volumeDecimals);
  const before = i === 0 ? Number.NEGATIVE_INFINITY : (recording.openTimes[i - 1] ?? 0);
  const fault =
    timeFault(time, before, recording.timeframe) ?? priceFault({ open, high, low, close, volume });
  if (fault !== undefined) return fault;
  recording.openTimes[i] = time;
  recording.open[i] = open;
  recording.high[i] = high;
  recording.low[i] = low;
  recording.close[i] = close;
  recording.volume[i] = volume;
  return undefined;
}

function timeFault(time: number, before: number, timeframe: Timeframe): string | undefined {
  if (!Number.isSafeInteger(time) || time < 0) return "time is not a whole number of ms";
  if (!isOpenTime(timeframe, time)) return `time ${time} is off the ${timeframe} grid`;
  if (time === before) return `time ${time} is a duplicate of the line before`;
  return time < before ? `time ${time} is older than the line before` : undefined;
}

function priceFault(row: Record<"open" | "high" | "low" | "close" | "volume", bigint>) {
  const { open, high, low, close, volume } = row;
  if (low <= 0n || open <= 0n || close <= 0n) return "a price is not above zero";
  if (high < low) return "high is below low";
  if (high < open || high < close) return "high is below open or close";
  if (low > open || low > close) return "low is above open or close";
  if (volume < 0n) return "volume is negative";
  // 64 bits are ample for any market; beyond them the columns would wrap around.
  return BigInt.asIntN(64, high) === high && BigInt.asIntN(64, volume) === volume
    ? undefined
    : "a number has too many digits";
}
