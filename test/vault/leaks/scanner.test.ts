import { describe, expect, test } from "vitest";
import { LeakScanner } from "../../../src/vault/leaks/scanner.ts";

const VALUE = "k7Qw9ZpL2mXr4TfV8bNc1YdH6s";
const CANARIES = [{ name: "BINANCE_API_SECRET", value: VALUE }];

describe("a find", () => {
  test("names the canary, its encoding and its place, and never the value", () => {
    const finds = new LeakScanner(CANARIES).scan(Buffer.from(`12345${VALUE} and ${VALUE}`));

    expect(finds).toEqual([
      { canary: "BINANCE_API_SECRET", encoding: "plain", offset: 5, count: 2 },
    ]);
    expect(JSON.stringify(finds)).not.toContain(VALUE);
  });

  test.each([
    ["base64", Buffer.from(`ab${VALUE}yz`).toString("base64"), "base64"],
    [
      "lines of hex",
      Buffer.from(VALUE).toString("hex").replaceAll(/.{8}/g, "$&\n"),
      "hex, broken up",
    ],
    [
      "a variant of URL encoding",
      VALUE.replaceAll(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`),
      "escaped or broken up",
    ],
    [
      "Unicode escapes",
      VALUE.replaceAll(/./g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
      "escaped or broken up",
    ],
    [
      "numeric entities",
      VALUE.replaceAll(/./g, (c) => `&#${c.charCodeAt(0)};`),
      "escaped or broken up",
    ],
  ])("is made in %s", (_name, text, encoding) => {
    const finds = new LeakScanner(CANARIES).scan(Buffer.from(text));

    expect(finds.map((find) => find.encoding)).toEqual([encoding]);
  });

  test("is made in several encodings of the same canary", () => {
    const text = `${VALUE} ${Buffer.from(VALUE).toString("hex")}`;

    const finds = new LeakScanner(CANARIES).scan(Buffer.from(text));

    expect(finds.map(({ encoding }) => encoding)).toEqual(["plain", "hex"]);
  });
});

test("a canary that chance could write is refused by its name", () => {
  const weak = [{ name: "PIN", value: "1234-5678-90" }];

  expect(() => new LeakScanner(weak)).toThrow("canary PIN needs 22 letters and digits");
  expect(() => new LeakScanner([])).toThrow(RangeError);
});
