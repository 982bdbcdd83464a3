import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { FailureError, messageOf } from "../../runtime/errors.ts";
import type { Head, Trailer } from "./format.ts";
import { linesOf } from "./lines.ts";
import { type Part, PartReader } from "./part-reader.ts";
import { TransferRefusal } from "./refusal.ts";

/** What an export says of itself at its two ends. */
export interface CheckedExport {
  readonly path: string;
  readonly head: Head;
  readonly trailer: Trailer;
}

/** The first bytes of a packed file, whatever its name. */
const GZIP = Buffer.from([0x1f, 0x8b]);

/**
 * Reads an export from its beginning to its end, and proves it on the way: what was read is only
 * worth something once the trailer has come.
 * @throws TransferRefusal when it cannot be read, is no export, or is not whole.
 */
export async function* readExport(path: string): AsyncGenerator<Part, void> {
  const reader = new PartReader(path);
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    for await (const lines of linesOf(await bytesOf(file))) {
      for (const line of lines) yield* reader.take(line);
    }
  } catch (thrown) {
    if (thrown instanceof FailureError) throw thrown;
    throw new TransferRefusal(`${path} cannot be read: ${messageOf(thrown)}`, thrown);
  } finally {
    await file?.close();
  }
  reader.end();
}

/** Reads an export to its end without doing anything with it. @throws as {@link readExport} does. */
export async function checkExport(path: string): Promise<CheckedExport> {
  let head: Head | undefined;
  let trailer: Trailer | undefined;
  for await (const part of readExport(path)) {
    if (part.kind === "head") head = part.head;
    if (part.kind === "trailer") trailer = part.trailer;
  }
  if (head === undefined || trailer === undefined) throw new TransferRefusal(`${path} is empty`);
  return { path, head, trailer };
}

async function bytesOf(file: FileHandle): Promise<AsyncIterable<Buffer>> {
  const isPacked = (await firstBytes(file)).equals(GZIP);
  const bytes = file.createReadStream({ start: 0, autoClose: false });
  // What goes wrong comes out at the end that is read.
  return isPacked ? pipeline(bytes, createGunzip(), () => {}) : bytes;
}

async function firstBytes(file: FileHandle): Promise<Buffer> {
  const { buffer } = await file.read(Buffer.alloc(GZIP.length), 0, GZIP.length, 0);
  return buffer;
}
