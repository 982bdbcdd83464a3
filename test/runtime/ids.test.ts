import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashId } from "../../src/runtime/ids.ts";

describe("an id by hash", () => {
  test("stays the same from one version of this program to the next", () => {
    expect(hashId("binance", "BTC/USDT", "15m")).toBe("8b8a630d9eed54119be6d68f421921b9");
  });

  test("differs when the same letters are cut into other parts", () => {
    const parts = fc.array(fc.string(), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        expect(hashId(...a) === hashId(...b)).toBe(isSame);
      }),
    );
    expect(hashId("a", "bc")).not.toBe(hashId("ab", "c"));
    expect(hashId()).not.toBe(hashId(""));
  });
});
