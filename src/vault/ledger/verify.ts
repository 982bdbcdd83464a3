import type { KeyObject } from "node:crypto";
import { closeSync, createReadStream, fstatSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import type { LedgerHead } from "./ledger.ts";
import { LEDGER_START, lineHash, readLine } from "./line.ts";
import { linesFromEnd } from "./tail.ts";

/** What a walk through the ledger found. */
export interface LedgerReport {
  readonly lines: number;
  /** The first line that is wrong, from 1, and what is wrong with it; null when all is well. */
  readonly broken: { readonly line: number; readonly reason: string } | null;
}

/**
 * Recomputes the chain line by line, and holds it against what is known from outside. Half a line at
 * the end is none yet: it is being written, or a power cut left it and the next writer takes it off.
 * @param anchors heads that were noted elsewhere, e.g. in the database; each must be found.
 */
export async function verifyLedger(
  path: string,
  key: KeyObject,
  anchors: readonly LedgerHead[],
): Promise<LedgerReport> {
  const expected = new Map(anchors.map(({ n, hash }) => [n, hash]));
  let previous = LEDGER_START;
  let lines = 0;
  const wrong = (reason: string): LedgerReport => ({ lines, broken: { line: lines, reason } });
  for await (const text of wholeLines(path)) {
    lines += 1;
    const line = readLine(text);
    if (line === undefined) return wrong("it is no line of the ledger");
    if (line.entry.n !== lines) {
      return wrong(`it is numbered ${line.entry.n}: lines were removed, added or moved`);
    }
    if (lineHash(key, previous, line.text) !== line.hash) {
      return wrong("it does not stand on the line before it: one of them was altered");
    }
    const anchored = expected.get(lines);
    if (anchored !== undefined && anchored !== line.hash) {
      return wrong("another line was noted elsewhere: the ledger was written anew");
    }
    previous = line.hash;
  }
  const farthest = anchors.reduce((most, { n }) => Math.max(most, n), 0);
  if (farthest > lines) {
    const reason = `the ledger ends here, and line ${farthest} was noted elsewhere: its end was cut off`;
    return { lines, broken: { line: lines, reason } };
  }
  return { lines, broken: null };
}

async function* wholeLines(path: string): AsyncGenerator<string> {
  const bytes = wholeBytes(path);
  if (bytes === 0) return;
  const input = createReadStream(path, { encoding: "utf8", end: bytes - 1 });
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

/** Up to the end of the last line that is whole. */
function wholeBytes(path: string): number {
  const file = openSync(path, "r");
  try {
    const [last] = linesFromEnd(file, fstatSync(file).size);
    return last?.endsAt ?? 0;
  } finally {
    closeSync(file);
  }
}
