import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

/** Recorded candles that lie beside the project on some machines. */
export const RECORDINGS = resolve(
  import.meta.dirname,
  "../../../../../shared/marketdata/binance_spot",
);

export const hasRecordings = existsSync(RECORDINGS);
if (!hasRecordings) {
  process.stdout.write(`skipping tests of recorded markets: ${RECORDINGS} is not there\n`);
}

export type FileRow = readonly [time: number, ...figures: string[]];

/** The rows of a recorded file as they are written there. */
export async function fileRows(name: string): Promise<FileRow[]> {
  const text = gunzipSync(await readFile(join(RECORDINGS, name))).toString("utf8");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [time, ...figures] = line.split(",");
      return [Number(time), ...figures];
    });
}

export const HEADER = "time_ms,open,high,low,close,volume";

/** A folder of made-up files, gone after the test; names that end in .gz are packed. */
export async function folderOf(files: Readonly<Record<string, readonly string[]>>) {
  const folder = await mkdtemp(join(tmpdir(), "recording-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, lines] of Object.entries(files)) {
    const text = `${lines.join("\n")}\n`;
    await writeFile(join(folder, name), name.endsWith(".gz") ? gzipSync(text) : text);
  }
  return folder;
}

/** Sound lines of candles, a step apart. */
export function candleLines(startMs: number, stepMs: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${startMs + i * stepMs},10,12.5,9,11,${i + 1}`);
}
