import { hash } from "node:crypto";
import type { LedgerRow } from "../ledger-port.ts";

/** What the first row of every chain stands on: the SHA-256 of nothing. */
export const CHAIN_START = hash("sha256", "", "base64");

const SOURCE_BYTE = { poll: 1, retry: 2, bootstrap: 3, backfill: 4 } as const;

const HASH_BYTES = 32;
/** 8 numbers of 8 bytes, 2 of 2 bytes, and a byte. */
const ROW_BYTES = 8 * 8 + 2 * 2 + 1;

/** Filled anew for each row: millions are hashed one after another. */
const bytes = Buffer.alloc(HASH_BYTES + ROW_BYTES);

/**
 * The hash of a row that stands on another, base64; undefined when the row holds what nobody can have
 * written, such as an instant between two milliseconds.
 *
 * The layout is the one of the comment on `hub.candles.hash`, written here a second time on purpose:
 * a fault in either shows as a difference.
 */
export function rowHash(previous: string, row: LedgerRow): string | undefined {
  const whole = [row.seq, row.openTime, row.fetchedAt, row.attempt, row.revision];
  if (!whole.every(Number.isSafeInteger)) return undefined;
  bytes.write(previous, "base64");
  let at = bytes.writeBigInt64BE(BigInt(row.seq), HASH_BYTES);
  at = bytes.writeBigInt64BE(BigInt(row.openTime), at);
  for (const figure of [row.open, row.high, row.low, row.close, row.volume]) {
    at = bytes.writeDoubleBE(figure, at);
  }
  at = bytes.writeBigInt64BE(BigInt(row.fetchedAt), at);
  at = bytes.writeInt16BE(row.attempt, at);
  at = bytes.writeInt16BE(row.revision, at);
  bytes.writeUInt8(SOURCE_BYTE[row.source], at);
  return hash("sha256", bytes, "base64");
}
