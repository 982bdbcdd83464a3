import type { LedgerRow, LedgerSeries } from "../ledger-port.ts";
import type { Finding } from "./finding.ts";
import { CHAIN_START, rowHash } from "./row-hash.ts";

/**
 * Checks the chain of one series, fed with its rows in the order of their open times.
 *
 * Rows were mostly written in that order, so each finds its predecessor at once. One that does not is
 * kept until the predecessor comes: memory grows with how far the two orders differ, as after a
 * backfill, and never beyond one hash or one row for each row of the series.
 */
export class ChainWalk {
  readonly #series: LedgerSeries;
  /** Hashes that the next row in the order of writing will stand on. */
  readonly #hashes: Map<number, string>;
  /** Rows whose predecessor was not seen yet, by their place. */
  readonly #waiting = new Map<number, LedgerRow>();
  readonly #findings: Finding[] = [];
  #newestSeq = 0;
  #newestHash = CHAIN_START;
  #candles = 0;
  #rows = 0;

  constructor(series: LedgerSeries) {
    this.#series = series;
    this.#hashes = new Map(series.anchors.map(({ seq, hash }) => [seq, hash]));
    this.#hashes.set(0, CHAIN_START);
  }

  /** Rows seen so far. */
  get rows(): number {
    return this.#rows;
  }

  take(row: LedgerRow): void {
    this.#rows += 1;
    if (row.isNewest) this.#candles += 1;
    if (this.#hashes.has(row.seq) || this.#waiting.has(row.seq)) {
      this.#found(row, { kind: "place-taken", seq: row.seq });
      return;
    }
    const previous = this.#hashes.get(row.seq - 1);
    if (previous === undefined) this.#waiting.set(row.seq, row);
    else this.#check(row, previous);
    this.#hashes.set(row.seq, row.hash);
    this.#release(row.seq);
    if (row.seq > this.#newestSeq) {
      this.#newestSeq = row.seq;
      this.#newestHash = row.hash;
    }
  }

  /** Call it after the last row: what still waits will not find its predecessor any more. */
  finish(): readonly Finding[] {
    const { head, candles, anchors } = this.#series;
    for (const row of this.#waiting.values()) {
      this.#found(row, { kind: "missing-before", seq: row.seq - 1 });
    }
    const removed = anchors.findLast(({ seq }) => seq > this.#newestSeq);
    const end = removed ?? { seq: this.#newestSeq, hash: this.#newestHash };
    const whole = { openTime: null, revision: 0 };
    if (end.seq !== head.seq || end.hash !== head.hash) {
      const fault = { kind: "wrong-end", expectedSeq: head.seq, foundSeq: end.seq } as const;
      this.#findings.push({ ...whole, fault });
    }
    if (candles !== this.#candles) {
      const fault = { kind: "wrong-count", expected: candles, found: this.#candles } as const;
      this.#findings.push({ ...whole, fault });
    }
    return this.#findings.toSorted(byTime);
  }

  /** Checks the row that waited for a place, and forgets hashes that nobody will ask for. */
  #release(seq: number): void {
    this.#hashes.delete(seq - 1);
    const next = this.#waiting.get(seq + 1);
    const previous = this.#hashes.get(seq);
    if (next === undefined || previous === undefined) return;
    this.#waiting.delete(seq + 1);
    this.#check(next, previous);
    this.#hashes.delete(seq);
  }

  #check(row: LedgerRow, previous: string): void {
    if (rowHash(previous, row) !== row.hash) this.#found(row, { kind: "altered" });
  }

  #found({ openTime, revision }: LedgerRow, fault: Finding["fault"]): void {
    this.#findings.push({ openTime, revision, fault });
  }
}

function byTime(a: Finding, b: Finding): number {
  const [left, right] = [
    a.openTime ?? Number.POSITIVE_INFINITY,
    b.openTime ?? Number.POSITIVE_INFINITY,
  ];
  return left === right ? a.revision - b.revision : left - right;
}
