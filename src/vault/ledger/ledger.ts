import type { KeyObject } from "node:crypto";
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { StartRefusal } from "../../config/refusal.ts";
import { messageOf } from "../../runtime/errors.ts";
import { LEDGER_START, type LedgerEntry, ledgerLine, readLine } from "./line.ts";

/** How far a ledger goes; kept outside of it, it shows when the end was cut off. */
export interface LedgerHead {
  readonly n: number;
  readonly hash: string;
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
  readonly #file: number;
  readonly #key: KeyObject;
  #head: LedgerHead;
  #waiting: Waiting[] = [];

  private constructor(file: number, key: KeyObject, head: LedgerHead) {
    this.#file = file;
    this.#key = key;
    this.#head = head;
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
    const text = readFileSync(path, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole.length < text.length) ftruncateSync(file, Buffer.byteLength(whole));
    if (whole === "") return new Ledger(file, key, { n: 0, hash: LEDGER_START });
    const last = readLine(whole.trimEnd().split("\n").at(-1) ?? "");
    if (last === undefined) {
      closeSync(file);
      throw new StartRefusal(
        `the ledger ${path} does not end in a line of its own: see docs/security.md`,
      );
    }
    return new Ledger(file, key, { n: last.entry.n, hash: last.hash });
  }

  get head(): LedgerHead {
    return this.#head;
  }

  /** Adds an entry; resolves once it lies on the disk. Those of one moment share one write. */
  append(entry: LedgerEntry): Promise<LedgerHead> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      if (this.#waiting.length === 1) queueMicrotask(() => this.#flush());
    });
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
      writeSync(this.#file, lines.join(""));
      fsyncSync(this.#file);
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    this.#head = head;
    batch.forEach(({ resolve }, i) => resolve(heads[i] ?? head));
  }
}
