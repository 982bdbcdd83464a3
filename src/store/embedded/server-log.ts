import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";

/** Enough for the last words of a server. */
const MOST_BYTES = 64_000;

/** The log of a server, as far as it is written from now on. */
export class ServerLog {
  readonly #path: string;
  readonly #from: number;

  constructor(path: string) {
    this.#path = path;
    this.#from = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Why the server ended, in its own words, without the stamp before them. */
  complaint(): string {
    const lines = this.#fresh().trimEnd().split("\n");
    const worst = lines.findLast((line) => /\b(FATAL|PANIC|ERROR):/.test(line));
    if (worst !== undefined) return worst.replace(/^.*?\b(?:FATAL|PANIC|ERROR): +/, "");
    return lines.at(-1) || "it left no word";
  }

  /**
   * What made it end at once, should it have written that: a full disk, or files that are not as
   * they must be. Lesser lines may be of any connection, and end nothing.
   */
  panic(): string | undefined {
    const line = this.#fresh()
      .split("\n")
      .findLast((text) => /\bPANIC:/.test(text));
    return line?.replace(/^.*?\bPANIC: +/, "");
  }

  #fresh(): string {
    if (!existsSync(this.#path)) return "";
    const file = openSync(this.#path, "r");
    try {
      const { size } = fstatSync(file);
      // A log that has grown large was put aside, and begins anew.
      const start = Math.max(size < this.#from ? 0 : this.#from, size - MOST_BYTES);
      const bytes = Buffer.alloc(size - start);
      readSync(file, bytes, 0, bytes.length, start);
      return bytes.toString("utf8");
    } finally {
      closeSync(file);
    }
  }
}
