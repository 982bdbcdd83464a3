import { StartRefusal } from "../../../config/refusal.ts";
import type { Listing } from "../market.ts";
import { KNOWN_PAIRS } from "../synthetic/known-pairs.ts";
import { type Alignment, alignRecording } from "./align-recording.ts";
import { readRows } from "./candle-file.ts";
import { type CandleFile, chooseFiles, leadingFile } from "./choose-files.ts";
import { listFolder } from "./list-folder.ts";
import { parseRecording, type Recording } from "./parse-recording.ts";
import { RecordedMarket, type RecordedPair } from "./recorded-market.ts";

export interface RecordedOptions {
  readonly folder: string;
  /** Shapes the order book alone. */
  readonly seed: string;
  readonly nowMs: number;
  /** The recorded instant that shall play first, UTC ms. */
  readonly atMs?: number | undefined;
  readonly minPastMs?: number | undefined;
  /** How an earlier start had laid the same recording; it is taken over as it was. */
  readonly earlier?: { readonly atMs: number; readonly shiftMs: number } | undefined;
}

/**
 * Loads a folder of candle files and lays it on the present.
 * @throws StartRefusal when the folder holds nothing that plays at that instant, or a broken line.
 */
export async function loadRecorded(
  options: RecordedOptions,
): Promise<{ readonly market: RecordedMarket; readonly clockStartMs: number }> {
  const files = await listFolder(options.folder);
  const { shiftMs, clockStartMs } = options.earlier
    ? { shiftMs: options.earlier.shiftMs, clockStartMs: options.nowMs }
    : align(files, options);
  const atMs = options.earlier?.atMs ?? clockStartMs - shiftMs;
  const chosen = chooseFiles(files, atMs);
  if (chosen.length === 0) throw new StartRefusal(nothingAt(files, options.folder, atMs));
  const pairs: RecordedPair[] = [];
  for (const file of chosen) {
    const recording = parseRecording(
      file.name,
      file.timeframe,
      (await readRows(file.path)).split(/\r?\n/),
    );
    pairs.push({ listing: listingOf(file, recording), recording });
  }
  const replay = {
    files: chosen.map(({ name }) => name).join(","),
    askedAtMs: options.atMs ?? null,
    atMs,
    shiftMs,
  };
  const market = new RecordedMarket({ seed: options.seed, replay }, pairs, shiftMs);
  return { market, clockStartMs };
}

function align(files: readonly CandleFile[], options: RecordedOptions): Alignment {
  const lead = leadingFile(files);
  const { nowMs, atMs: at, minPastMs } = options;
  const { startMs, endMs } = lead ?? { startMs: 0, endMs: 0 };
  return alignRecording({ startMs, endMs, nowMs, at, minPastMs });
}

function nothingAt(files: readonly CandleFile[], folder: string, atMs: number): string {
  const date = (ms: number): string => new Date(ms).toISOString();
  const first = Math.min(...files.map((file) => file.startMs));
  const end = Math.max(...files.map((file) => file.endMs));
  return `replay folder ${folder}: no file contains ${date(atMs)}; they span ${date(first)} to ${date(end)}, with gaps`;
}

function listingOf(file: CandleFile, recording: Recording): Listing {
  const symbol = `${file.base}${file.quote}`;
  const known = KNOWN_PAIRS.find(({ listing }) => listing.symbol === symbol)?.listing;
  return {
    symbol,
    base: file.base,
    quote: file.quote,
    // The finest step the recording shows is as good as the venue's own.
    priceDecimals: recording.priceDecimals,
    volumeDecimals: recording.volumeDecimals,
    minNotional: known?.minNotional ?? "5.00000000",
    spreadBps: known?.spreadBps ?? 3,
    shortest: recording.timeframe,
  };
}
