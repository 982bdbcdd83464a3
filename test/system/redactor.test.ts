import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret } from "../../src/runtime/secret.ts";
import { Redactor } from "../../src/system/redactor.ts";

function knowing(...values: readonly string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.add(new Secret(value));
  return redactor;
}

const NASTY = 'p"ss wörd/+&\\?';
const PEM = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n";
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a redactor", () => {
  test.each([
    ["as it is", NASTY],
    ["in JSON", JSON.stringify({ password: NASTY })],
    ["in JSON that is told in JSON", JSON.stringify({ body: JSON.stringify({ key: NASTY }) })],
    ["in a URL", `postgresql://hub:${encodeURIComponent(NASTY)}@db/hub`],
    ["in a URL in small letters", encodeURIComponent(NASTY).toLowerCase()],
    ["in a form", new URLSearchParams({ password: NASTY }).toString()],
    ["in hex", Buffer.from(NASTY).toString("hex")],
    ["in hex in capitals", Buffer.from(NASTY).toString("hex").toUpperCase()],
    ["in base64", base64(NASTY)],
    ["in base64 for URLs", Buffer.from(NASTY).toString("base64url")],
    ["in the base64 of a login", `Basic ${base64(`a:${NASTY}`)}`],
    ["in the base64 of another login", `Basic ${base64(`ab:${NASTY}`)}`],
    ["in the base64 of more", base64(`abc${NASTY}def`)],
  ])("takes a value out that is written %s", (_how, text) => {
    const redacted = knowing(NASTY).redact(`before ${text} after`);

    expect(redacted).toMatch(/^before .*<redacted>.* after$/);
    // Not even a piece of it: what is left of base64 is the rest of the login.
    const forms = [NASTY, encodeURIComponent(NASTY), Buffer.from(NASTY).toString("hex")];
    const pieces = [...forms, base64(NASTY)].map((form) => form.slice(0, 8));
    for (const piece of pieces) expect(redacted).not.toContain(piece);
  });

  test.each([
    ["with its line breaks", PEM],
    ["in one line of JSON", JSON.stringify({ key: PEM })],
    ["without the last line break", PEM.trim()],
  ])("takes a value of many lines out %s", (_how, text) => {
    const redacted = knowing(PEM).redact(text);

    expect(redacted).toContain("<redacted>");
    expect(redacted).not.toMatch(/BEGIN|MIIEv|kqhki|END/);
  });

  test("takes out every one of several, the longer of two that begin alike", () => {
    const redactor = knowing("alphabet", "alphabetical", "gamma-ray");

    expect(redactor.redact("alphabet, alphabetical, gamma-ray.")).toBe(
      "<redacted>, <redacted>, <redacted>.",
    );
  });

  test.each(["right", "practice", "Practice", "postgres", "sandbox"])(
    "leaves the short or ordinary word %s alone",
    (word) => {
      const line = `in ${word}, as ever`;

      expect(knowing(word).redact(line)).toBe(line);
    },
  );

  test("leaves text alone in which nothing is secret, to the last letter", () => {
    const redactor = knowing("a-value-that-nobody-prints");

    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        expect(redactor.redact(text)).toBe(text);
      }),
    );
  });

  test("finds any value of any length, wherever it stands", () => {
    const values = fc.string({ unit: "grapheme", minLength: 6, maxLength: 40 });
    const around = fc.string({ unit: "grapheme", maxLength: 40 });
    fc.assert(
      fc.property(values, around, around, (value, before, after) => {
        fc.pre(!`${before}${after}<redacted>`.includes(value));

        const redacted = knowing(value).redact(before + value + after);

        expect(redacted).toContain("<redacted>");
        expect(redacted).not.toContain(value);
      }),
    );
  });

  test("goes on knowing a value that was destroyed since: old lines of others may still come", () => {
    const redactor = new Redactor();
    const secret = new Secret("a-revoked-key");
    redactor.add(secret);

    secret.destroy();

    expect(redactor.redact("refused a-revoked-key")).toBe("refused <redacted>");
  });
});
