import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { FailureError, messageOf } from "../../runtime/errors.ts";
import { TransferRefusal } from "./refusal.ts";

/**
 * Writes text to a file, packed when its name ends in `.gz`. It gets its name once it is whole and on
 * the disk: an older file of that name is there until then. Only its owner may read it.
 * @throws TransferRefusal when it cannot be written; whatever the text's source throws, as it is.
 */
export async function writeFileOf(path: string, text: AsyncIterable<string>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    const file = createWriteStream(partial, { mode: 0o600, flush: true });
    const source = Readable.from(text);
    if (path.endsWith(".gz")) await pipeline(source, createGzip(), file);
    else await pipeline(source, file);
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true }).catch(() => {});
    throw asRefusal(path, thrown);
  }
}

/**
 * Writes text to a stream that is left open, each piece once the one before it is through.
 * @throws as {@link writeFileOf} does.
 */
export async function writeStreamOf(stream: Writable, text: AsyncIterable<string>): Promise<void> {
  stream.on("error", () => {}); // the write that failed is told; this is only the echo
  try {
    for await (const piece of text) await written(stream, piece);
  } catch (thrown) {
    throw asRefusal("the output", thrown);
  }
}

function written(stream: Writable, piece: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}

function asRefusal(target: string, thrown: unknown): unknown {
  if (thrown instanceof FailureError) return thrown;
  return new TransferRefusal(`${target} cannot be written: ${messageOf(thrown)}`, thrown);
}
