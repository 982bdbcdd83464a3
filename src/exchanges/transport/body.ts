import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { TransportError } from "./errors.ts";

/** The largest real answer, a full list of instruments, has 15 MB; more is not an answer, bytes. */
const LARGEST_BODY = 64 * 1024 * 1024;

const unzip = promisify(gunzip);

/**
 * Reads a body to its end, unpacked.
 * @throws TransportError when it was cut off, is too large or cannot be unpacked.
 */
export async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new TransportError(`answer larger than ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  if (!incoming.complete) throw new TransportError("answer was cut off");
  const packed = Buffer.concat(chunks);
  if (incoming.headers["content-encoding"] !== "gzip") return packed.toString("utf8");
  try {
    return (await unzip(packed, { maxOutputLength: LARGEST_BODY })).toString("utf8");
  } catch {
    throw new TransportError("answer could not be unpacked");
  }
}
