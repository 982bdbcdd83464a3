import { createHash, type KeyObject } from "node:crypto";
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { StartRefusal } from "../../config/refusal.ts";
import { FailureError, messageOf } from "../../runtime/errors.ts";
import {
  LEDGER_START,
  type LedgerEntry,
  ledgerLine,
  type NumberedEntry,
  readLine,
} from "./line.ts";
import { linesFromEnd } from "./tail.ts";

/** How far a ledger goes; kept outside of it, it shows when the end was cut off. */
export interface LedgerHead {
  readonly n: number;
  readonly hash: string;
}

/** A line could not be written: whatever it was for must not happen. */
export class LedgerFailure extends FailureError {
  override readonly name = "LedgerFailure";

  constructor(cause: unknown) {
    super("ledger", `the ledger of secrets cannot be written: ${messageOf(cause)}`, {
      retry: "later",
      cause,
    });
  }
}

interface Waiting {
  readonly entry: LedgerEntry;
  readonly resolve: (head: LedgerHead) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The book of every secret that was asked for. A line that {@link append} answered for lies on the
 * disk; whoever hands out a value waits for that first.
 */
export class Ledger {
  readonly path: string;
  readonly #file: number;
  readonly #key: KeyObject;
  #head: LedgerHead;
  /** Length of the file up to the end of the head's line. */
  #bytes: number;
  #waiting: Waiting[] = [];

  private constructor(path: string, file: number, key: KeyObject, end: Tail) {
    this.path = path;
    this.#file = file;
    this.#key = key;
    this.#head = end.head;
    this.#bytes = end.bytes;
  }

  /**
   * Opens the book, or begins one. Half a line at its end, as a power cut leaves it, is taken off:
   * nothing was handed out for it.
   * @throws StartRefusal when it cannot be written to, or its last line is none of ours.
   */
  static open(path: string, key: KeyObject): Ledger {
    let file: number;
    try {
      file = openSync(path, "a+", 0o600);
    } catch (error) {
      throw new StartRefusal(`the ledger of secrets cannot be opened: ${messageOf(error)}`, error);
    }
    const end = tailOf(file);
    if (end === undefined) {
      closeSync(file);
      throw new StartRefusal(
        `the ledger ${path} does not end in a line of its own: see docs/security.md`,
      );
    }
    ftruncateSync(file, end.bytes);
    return new Ledger(path, file, key, end);
  }

  get head(): LedgerHead {
    return this.#head;
  }

  /** Which ledger this is, for notes kept outside of it: the same for as long as its key is. */
  get id(): string {
    return ledgerId(this.#key);
  }

  /**
   * Adds an entry; resolves once it lies on the disk. Those of one moment share one write.
   * @throws LedgerFailure when it cannot be written; the ledger is then as it was.
   */
  append(entry: LedgerEntry): Promise<LedgerHead> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      if (this.#waiting.length === 1) queueMicrotask(() => this.#flush());
    });
  }

  /** The newest entries, newest first; those before line `before` when it is given. */
  newest(limit: number, before = Number.POSITIVE_INFINITY): readonly NumberedEntry[] {
    const found: NumberedEntry[] = [];
    for (const { text } of linesFromEnd(this.#file, this.#bytes)) {
      if (found.length === limit) break;
      const entry = readLine(text)?.entry;
      if (entry !== undefined && entry.n < before) found.push(entry);
    }
    return found;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    let head = this.#head;
    const lines: string[] = [];
    const heads = batch.map(({ entry }) => {
      const n = head.n + 1;
      const { hash, line } = ledgerLine(this.#key, head.hash, { n, ...entry });
      lines.push(line);
      head = { n, hash };
      return head;
    });
    try {
      this.#bytes += this.#write(Buffer.from(lines.join("")));
    } catch (error) {
      const failure = new LedgerFailure(error);
      for (const { reject } of batch) reject(failure);
      return;
    }
    this.#head = head;
    batch.forEach(({ resolve }, i) => resolve(heads[i] ?? head));
  }

  /** Writes all of it or nothing: the next line must not stand behind half of this one. */
  #write(bytes: Buffer): number {
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
      fdatasyncSync(this.#file);
      return bytes.length;
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
  }
}

/** Tells ledgers apart, and nothing about the key. */
export function ledgerId(key: KeyObject): string {
  const tag = createHash("sha256").update("ledger id\n").update(key.export());
  return tag.digest("hex").slice(0, 16);
}

interface Tail {
  readonly head: LedgerHead;
  readonly bytes: number;
}

/** Where a ledger ends; undefined when its last whole line is none of a ledger. */
function tailOf(file: number): Tail | undefined {
  const [last] = linesFromEnd(file, fstatSync(file).size);
  if (last === undefined) return { head: { n: 0, hash: LEDGER_START }, bytes: 0 };
  const line = readLine(last.text);
  return line && { head: { n: line.entry.n, hash: line.hash }, bytes: last.endsAt };
}
