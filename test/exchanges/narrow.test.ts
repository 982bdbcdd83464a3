import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalTextOf, positiveTextOf } from "../../src/exchanges/narrow.ts";
import { decimal, text } from "../../src/market/decimal.ts";

const digits = fc.stringMatching(/^\d{1,25}$/);
const plain = fc
  .tuple(fc.boolean(), digits, fc.option(digits))
  .map(
    ([isBelow, whole, rest]) => `${isBelow ? "-" : ""}${whole}${rest === null ? "" : `.${rest}`}`,
  );
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe("a venue's number", () => {
  test("is the exact decimal that exact arithmetic makes of it", () => {
    fc.assert(
      fc.property(fc.oneof(plain, finite), (value) => {
        const exact = decimal(value);
        expect(decimalTextOf(value)).toBe(text(exact));
        expect(positiveTextOf(value)).toBe(exact.gt(0) ? text(exact) : undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["100.00", "100"],
    ["0.10", "0.1"],
    ["1000", "1000"],
    ["0.000", "0"],
    ["007.50", "7.5"],
    [1e-7, "0.0000001"],
    [1e21, "1000000000000000000000"],
  ])("%s is %s", (value, exact) => {
    expect(decimalTextOf(value)).toBe(exact);
  });

  test.each(["", " 1", "1e5", "+1", ".5", "5.", "NaN", Number.NaN, Infinity, null, true, [1]])(
    "is not made of %j",
    (value) => {
      expect(decimalTextOf(value)).toBeUndefined();
    },
  );
});
