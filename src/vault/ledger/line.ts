import { createHmac, type KeyObject } from "node:crypto";

/** What happened to a secret. Never holds a value. */
export interface LedgerEntry {
  /** UTC ms. */
  readonly at: number;
  /** Who asked: an actor's path, or `cli`. */
  readonly who: string;
  readonly event: "granted" | "denied" | "absent" | "unavailable" | "revoked" | "note";
  readonly secret: string;
  readonly purpose: string;
  /** Which lease was given, and which writing of the value. */
  readonly lease?: string;
  readonly version?: string;
  readonly reason?: string;
}

/** An entry with its place in the ledger, from 1 without holes. */
export interface NumberedEntry extends LedgerEntry {
  readonly n: number;
}

/** What the first line stands on. */
export const LEDGER_START = "0".repeat(64);

/**
 * Writes a line: the HMAC-SHA256 over the line before it and this one's exact text, and the text.
 * The text is hashed as it is stored: hashing an object again would hang on the order of its keys.
 */
export function ledgerLine(
  key: KeyObject,
  previous: string,
  entry: NumberedEntry,
): { readonly hash: string; readonly line: string } {
  // JSON leaves these two as they are, and some readers take them for the end of a line.
  const text = JSON.stringify(entry)
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  const hash = lineHash(key, previous, text);
  return { hash, line: `${hash} ${text}\n` };
}

export function lineHash(key: KeyObject, previous: string, text: string): string {
  return createHmac("sha256", key).update(previous).update("\n").update(text).digest("hex");
}

const LINE = /^([0-9a-f]{64}) (\{.*\})$/;

/** Takes a line apart; undefined when it is none. */
export function readLine(
  line: string,
): { readonly hash: string; readonly text: string; readonly entry: NumberedEntry } | undefined {
  const [, hash, text] = LINE.exec(line) ?? [];
  if (hash === undefined || text === undefined) return undefined;
  try {
    return { hash, text, entry: JSON.parse(text) as NumberedEntry };
  } catch {
    return undefined;
  }
}
