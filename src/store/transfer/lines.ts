export const LINE_BREAK = 0x0a;

/** Far longer than any row; what has no line break up to here is no export. */
const LONGEST_LINE_BYTES = 256 * 1024 * 1024;

/**
 * Cuts bytes into lines, each with its line break. A last one without a break is given as it is.
 * Only this byte ends a line: the break characters of Unicode may stand inside a text.
 * @throws RangeError for a line beyond all measure.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer[], void> {
  let open: Buffer[] = [];
  let openBytes = 0;
  for await (const chunk of chunks) {
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LINE_BREAK); at >= 0; at = chunk.indexOf(LINE_BREAK, from)) {
      const end = chunk.subarray(from, at + 1);
      lines.push(open.length === 0 ? end : Buffer.concat([...open, end]));
      open = [];
      openBytes = 0;
      from = at + 1;
    }
    if (from < chunk.length) open.push(chunk.subarray(from));
    openBytes += chunk.length - from;
    if (openBytes > LONGEST_LINE_BYTES) throw new RangeError("a line is too long");
    yield lines;
  }
  if (open.length > 0) yield [Buffer.concat(open)];
}
