import { createHash, type KeyObject } from "node:crypto";
import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { StartRefusal } from "../../config/refusal.ts";
import { FailureError, messageOf } from "../../runtime/errors.ts";
import { exclusively } from "../lock.ts";
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

const toDisk = promisify(fdatasync);

/**
 * The book of every secret that was asked for. Whoever hands out a value waits for {@link append}
 * first: what it answered for is with the operating system, and outlives this process. It is forced
 * to the disk right after, without anybody waiting; while that fails, nothing more is taken.
 */
export class Ledger {
  readonly path: string;
  readonly #file: number;
  readonly #key: KeyObject;
  #head: LedgerHead;
  /** Length of the file up to the end of the head's line. */
  #bytes: number;
  #waiting: Waiting[] = [];
  /** The way to the disk that is under way, and whether there is more to bring there. */
  #syncing: Promise<void> | undefined;
  #isBehind = false;
  #isClosed = false;
  /** Why the disk did not take what it was given last. */
  #fault: unknown;

  private constructor(path: string, file: number, key: KeyObject, end: Tail) {
    this.path = path;
    this.#file = file;
    this.#key = key;
    this.#head = end.head;
    this.#bytes = end.bytes;
  }

  /**
   * Opens the book, or begins one. Half a line at its end, as a power cut leaves it, is taken off by
   * the next writer: nothing was handed out for it.
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
    return new Ledger(path, file, key, end);
  }

  /** As far as the file goes now: a command may have written beside this process. */
  get head(): LedgerHead {
    if (this.#isClosed) return this.#head;
    const end = fstatSync(this.#file).size === this.#bytes ? undefined : tailOf(this.#file);
    return end !== undefined && end.head.n > this.#head.n ? end.head : this.#head;
  }

  /** Which ledger this is, for notes kept outside of it: the same for as long as its key is. */
  get id(): string {
    return ledgerId(this.#key);
  }

  /**
   * Adds an entry; resolves once it is written. Those of one moment share one write.
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
    for (const { text } of linesFromEnd(this.#file, fstatSync(this.#file).size)) {
      if (found.length === limit) break;
      const entry = readLine(text)?.entry;
      if (entry !== undefined && entry.n < before) found.push(entry);
    }
    return found;
  }

  async close(): Promise<void> {
    this.#flush();
    this.#isClosed = true;
    await this.#syncing;
    closeSync(this.#file);
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    try {
      const entries = batch.map(({ entry }) => entry);
      if (this.#fault !== undefined) throw new LedgerFailure(this.#fault);
      const heads = exclusively(`${this.path}.lock`, () => this.#write(entries));
      this.#sync();
      batch.forEach(({ resolve }, i) => resolve(heads[i] ?? this.#head));
    } catch (error) {
      const failure = error instanceof LedgerFailure ? error : new LedgerFailure(error);
      for (const { reject } of batch) reject(failure);
      if (this.#fault !== undefined) this.#sync(); // it may have passed
    }
  }

  #sync(): void {
    this.#isBehind = true;
    this.#syncing ??= this.#syncAll();
  }

  async #syncAll(): Promise<void> {
    while (this.#isBehind) {
      this.#isBehind = false;
      this.#fault = await toDisk(this.#file).catch((error: unknown) => error);
    }
    this.#syncing = undefined;
  }

  /** Writes all lines or none: the next one must not stand behind half of another. */
  #write(entries: readonly LedgerEntry[]): readonly LedgerHead[] {
    this.#follow();
    let head = this.#head;
    const lines: string[] = [];
    const heads = entries.map((entry) => {
      const n = head.n + 1;
      const { hash, line } = ledgerLine(this.#key, head.hash, { n, ...entry });
      lines.push(line);
      head = { n, hash };
      return head;
    });
    const bytes = Buffer.from(lines.join(""));
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
    this.#head = head;
    this.#bytes += bytes.length;
    return heads;
  }

  /** A command may have written as well: this goes on where the file ends now. */
  #follow(): void {
    if (fstatSync(this.#file).size === this.#bytes) return;
    const end = tailOf(this.#file);
    if (end === undefined) throw new Error("it does not end in a line of its own");
    if (end.head.n < this.#head.n) throw new Error("its end was cut off");
    ftruncateSync(this.#file, end.bytes);
    this.#head = end.head;
    this.#bytes = end.bytes;
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
