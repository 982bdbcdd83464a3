import { readSync } from "node:fs";

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * The whole lines of an open file, last first, without reading more of it than is asked for: a
 * ledger grows for years.
 * @param end bytes of the file to look at; half a line before it is left out.
 */
export function* linesFromEnd(
  file: number,
  end: number,
): Generator<{ readonly text: string; readonly endsAt: number }> {
  let rest = Buffer.alloc(0); // from some line's middle to `restEnd`
  let restEnd = end;
  let isWhole = false; // what stands behind the last newline is no line
  for (let at = end; at > 0; ) {
    const length = Math.min(CHUNK_BYTES, at);
    at -= length;
    const chunk = Buffer.alloc(length);
    readSync(file, chunk, 0, length, at);
    rest = Buffer.concat([chunk, rest]);
    for (;;) {
      const newline = rest.lastIndexOf(NEWLINE, -1);
      if (newline < 0) break;
      const text = rest.subarray(newline + 1).toString();
      if (isWhole) yield { text, endsAt: restEnd };
      isWhole = true;
      rest = rest.subarray(0, newline);
      restEnd = at + newline + 1;
    }
  }
  if (isWhole) yield { text: rest.toString(), endsAt: restEnd };
}
