import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { masterKey, open, rewrap, type Sealed, seal } from "../../../src/vault/embedded/seal.ts";

const master = masterKey("aaaaaaaa", randomBytes(32));
const other = masterKey("bbbbbbbb", randomBytes(32));
const place = { path: "credentials/K", version: 3 };

describe("a sealed value", () => {
  test("opens at its place to exactly what was sealed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), fc.nat(), (plain, path, version) => {
        const at = { path, version };
        expect(open(master, at, seal(master, at, plain))).toBe(plain);
      }),
    );
  });

  test.each([
    ["another path", { ...place, path: "credentials/L" }],
    ["an older version", { ...place, version: 2 }],
  ])("does not open at %s", (_where, elsewhere) => {
    const sealed = seal(master, place, "value");

    expect(() => open(master, elsewhere, sealed)).toThrow(/authenticat/);
  });

  test("does not open under another key, nor under another name of its key", () => {
    const sealed = seal(master, place, "value");

    expect(() => open(other, place, sealed)).toThrow(/authenticat/);
    expect(() => open({ ...master, kid: "cccccccc" }, place, sealed)).toThrow(/authenticat/);
  });

  test.each(["wrapped", "value"] as const)(
    "does not open with any byte of its %s altered",
    (part) => {
      const sealed = seal(master, place, "value");
      for (const field of ["iv", "tag", "data"] as const) {
        const bytes = Buffer.from(sealed[part][field], "base64");
        for (let i = 0; i < bytes.length; i += 1) {
          const altered = Buffer.from(bytes);
          altered[i] = (altered[i] ?? 0) ^ 1;
          const box = { ...sealed[part], [field]: altered.toString("base64") };
          const forged: Sealed = { ...sealed, [part]: box };
          expect(() => open(master, place, forged)).toThrow(/authenticat/);
        }
      }
    },
  );

  test("does not open with a tag that was cut short", () => {
    const sealed = seal(master, place, "value");
    const tag = Buffer.from(sealed.value.tag, "base64").subarray(0, 4).toString("base64");

    expect(() => open(master, place, { ...sealed, value: { ...sealed.value, tag } })).toThrow(
      /authenticat/,
    );
  });

  test("is wrapped anew without being opened", () => {
    const sealed = seal(master, place, "value");

    const moved = rewrap(master, other, place, sealed);

    expect(moved.value).toEqual(sealed.value);
    expect(moved.kid).toBe("bbbbbbbb");
    expect(open(other, place, moved)).toBe("value");
    expect(() => open(master, place, moved)).toThrow(/authenticat/);
  });
});
