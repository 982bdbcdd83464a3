import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LeakScanner } from "../../../src/vault/leaks/scanner.ts";

/** Enough letters and digits in a row to be no accident, and anything at all around them. */
const core = fc.string({
  unit: fc.constantFrom(
    ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".split(""),
  ),
  minLength: 24,
  maxLength: 48,
});
const canaryValue = fc
  .tuple(fc.string({ maxLength: 6, unit: "grapheme" }), core, fc.string({ maxLength: 6 }))
  .map((parts) => parts.join(""));

const around = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));

/** Text around a canary that ends in a whole escape or none: half a one would eat into what follows. */
const ENCODINGS: Readonly<Record<string, (value: string, before: Buffer) => Buffer>> = {
  plain: (value) => Buffer.from(value),
  "UTF-16LE": (value) => Buffer.from(value, "utf16le"),
  "UTF-16BE": (value) => Buffer.from(value, "utf16le").swap16(),
  base64: (value, before) => encoded(value, before, "base64"),
  base64url: (value, before) => encoded(value, before, "base64url"),
  "hex, lower case": (value) => Buffer.from(Buffer.from(value).toString("hex")),
  "hex, upper case": (value) => Buffer.from(Buffer.from(value).toString("hex").toUpperCase()),
  "URL-encoded": (value) => Buffer.from(encodeURIComponent(value)),
  "URL-encoded twice": (value) => Buffer.from(encodeURIComponent(encodeURIComponent(value))),
  "JSON-escaped": (value) => Buffer.from(JSON.stringify(value)),
  "HTML-escaped": (value) =>
    Buffer.from(value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")),
};

/** Within a longer text, so that all three ways of three bytes in four characters come up. */
function encoded(value: string, before: Buffer, alphabet: "base64" | "base64url"): Buffer {
  const longer = Buffer.concat([before, Buffer.from(value), Buffer.from("end")]);
  return Buffer.from(longer.toString(alphabet));
}

const separator = fc.constantFrom("\n", "\r\n  ", " ", "\\n", '"', '",\n  "', "' + '", "\\\n", "");

/** Cuts bytes where the numbers say, in order; empty pieces included. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

function namesFound(value: string, bytes: Buffer, cuts: readonly number[]): string[] {
  const stream = new LeakScanner([
    { name: "the one", value },
    { name: "another", value: "never-there-0123456789abcdefghijk" },
  ]).stream();
  for (const piece of pieces(bytes, cuts)) stream.write(piece);
  return [...new Set(stream.end().map(({ canary }) => canary))];
}

const cutting = fc.array(fc.nat(), { maxLength: 6 });

describe("a leak scanner", () => {
  test.each(Object.entries(ENCODINGS))("finds any canary written as %s", (_name, write) => {
    fc.assert(
      fc.property(canaryValue, around, around, cutting, (value, before, after, cuts) => {
        const bytes = Buffer.concat([before, write(value, before), after]);

        expect(namesFound(value, bytes, cuts)).toEqual(["the one"]);
      }),
      { numRuns: 300 },
    );
  });

  test("finds a canary whose characters were set apart, byte by byte as well", () => {
    fc.assert(
      fc.property(core, around, around, separator, fc.integer({ min: 1, max: 9 }), (...given) => {
        const [value, before, after, between, every] = given;
        const parts = value.match(new RegExp(`.{1,${every}}`, "g")) ?? [];
        const bytes = Buffer.concat([before, Buffer.from(parts.join(between)), after]);
        const single = [...bytes.keys()];

        expect(namesFound(value, bytes, [])).toEqual(["the one"]);
        expect(namesFound(value, bytes, single)).toEqual(["the one"]);
      }),
    );
  });

  test.each(["base64", "hex"] as const)("finds %s that was broken into lines", (alphabet) => {
    fc.assert(
      fc.property(canaryValue, around, fc.integer({ min: 4, max: 76 }), (value, before, width) => {
        const text = Buffer.concat([before, Buffer.from(value), before]).toString(alphabet);
        const lines = (text.match(new RegExp(`.{1,${width}}`, "g")) ?? []).join("\r\n");

        expect(namesFound(value, Buffer.from(lines), [])).toEqual(["the one"]);
      }),
    );
  });

  test("says the same of a stream however it is cut", () => {
    fc.assert(
      fc.property(canaryValue, around, separator, cutting, (value, before, between, cuts) => {
        const scanner = new LeakScanner([{ name: "the one", value }]);
        const broken = value.split("").join(between);
        const bytes = Buffer.concat([
          before,
          Buffer.from(value),
          before,
          Buffer.from(broken),
          before,
        ]);
        const stream = scanner.stream();
        for (const piece of pieces(bytes, cuts)) stream.write(piece);

        expect(stream.end()).toEqual(scanner.scan(bytes));
      }),
    );
  });

  test("reports nothing where no canary is", () => {
    const hay = fc.oneof(
      fc.uint8Array({ maxLength: 5_000 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ maxLength: 5_000 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 3_000 }).map((b) => Buffer.from(Buffer.from(b).toString("hex"))),
    );
    fc.assert(
      fc.property(canaryValue, hay, cutting, (value, bytes, cuts) => {
        expect(namesFound(value, bytes, cuts)).toEqual([]);
      }),
    );
  });
});
