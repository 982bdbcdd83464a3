import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CHAIN_START, rowHash } from "../../../src/store/ledger/row-hash.ts";

describe("the hash of a row", () => {
  test("is SHA-256 over the previous hash and the row in the documented bytes", () => {
    const row = {
      seq: 1,
      openTime: 60_000,
      open: 1,
      high: 2,
      low: 0.5,
      close: 1.5,
      volume: 0,
      fetchedAt: 125_000,
      attempt: 1,
      revision: 1,
      source: "poll",
      hash: "",
      isNewest: true,
    } as const;
    const bytes = [
      "0000000000000001", // place in the chain
      "000000000000ea60", // open time
      "3ff0000000000000", // open 1
      "4000000000000000", // high 2
      "3fe0000000000000", // low 0.5
      "3ff8000000000000", // close 1.5
      "0000000000000000", // volume 0
      "000000000001e848", // fetched at
      "0001", // attempt
      "0001", // revision
      "01", // poll
    ].join("");
    const nothing = createHash("sha256").digest();
    const expected = createHash("sha256").update(nothing).update(bytes, "hex").digest("base64");

    expect(rowHash(CHAIN_START, row)).toBe(expected);
    expect(rowHash(CHAIN_START, { ...row, fetchedAt: 125_000.5 })).toBeUndefined();
  });
});
