import { createReadStream, type Dirent, existsSync, readdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Find } from "../../vault/leaks/canary.ts";
import { LeakScanner } from "../../vault/leaks/scanner.ts";
import type { Channel, Leak } from "./report.ts";
import type { Site } from "./site.ts";

/** What was looked at, by the way it came out. */
type Tally = Map<Channel, { places: number; bytes: number }>;

const PIECE_BYTES = 1 << 20;

/** Looks through everything that a site has seen and all its files, for every canary planted there. */
export async function scanSite(site: Site, tally: Tally): Promise<readonly Leak[]> {
  const scanner = new LeakScanner(site.planted);
  const leaks: Leak[] = [];
  const add = (channel: Channel, place: string, bytes: number, finds: readonly Find[]): void => {
    const sum = tally.get(channel) ?? { places: 0, bytes: 0 };
    tally.set(channel, { places: sum.places + 1, bytes: sum.bytes + bytes });
    const { scenario } = site;
    leaks.push(...finds.map((find) => ({ scenario, channel, place, ...find })));
  };
  for (const { channel, place, pieces } of site.seen) {
    const stream = scanner.stream();
    for (const piece of pieces) stream.write(piece);
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    add(channel, place, bytes, stream.end());
  }
  const folders = [
    ["data folder", site.dataDir],
    ["data folder", site.databaseDir],
    ["temporary files", site.tempDir],
    ["heap", site.heapDir],
  ] as const;
  for (const [channel, folder] of folders) {
    for (const path of filesBelow(folder)) {
      for (const { suffix, bytes, finds } of await scanFile(scanner, path)) {
        const strangers = finds.filter(({ canary }) => !site.isHome(canary, path));
        add(channel, relative(site.folder, path) + suffix, bytes, strangers);
      }
    }
  }
  return leaks;
}

interface Scanned {
  /** Says which form of the file this is. */
  readonly suffix: string;
  readonly bytes: number;
  readonly finds: readonly Find[];
}

/** Looks through a file as it is, and through what it holds when it is a gzip file. */
export async function scanFile(scanner: LeakScanner, path: string): Promise<readonly Scanned[]> {
  const asItIs = await scanStream(scanner, "", createReadStream(path, READING));
  if (!(await isGzip(path))) return [asItIs];
  const unpacked = createReadStream(path, READING).pipe(createGunzip({ chunkSize: PIECE_BYTES }));
  return [asItIs, await scanStream(scanner, " (unpacked)", unpacked)];
}

const READING = { highWaterMark: PIECE_BYTES };

async function scanStream(
  scanner: LeakScanner,
  suffix: string,
  source: Readable,
): Promise<Scanned> {
  const stream = scanner.stream();
  let bytes = 0;
  try {
    for await (const piece of source as AsyncIterable<Buffer>) {
      bytes += piece.length;
      stream.write(piece);
    }
  } catch (error) {
    // A file that is gone meanwhile, or cut off in the middle, was seen as far as it went.
    if (!(error instanceof Error && "code" in error)) throw error;
  }
  return { suffix, bytes, finds: stream.end() };
}

async function isGzip(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(3), 0, 3, 0);
    return bytesRead === 3 && buffer.equals(Buffer.from([0x1f, 0x8b, 0x08]));
  } finally {
    await file.close();
  }
}

function filesBelow(folder: string): readonly string[] {
  const entries: readonly Dirent[] = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}
