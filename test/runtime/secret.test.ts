import { format, inspect } from "node:util";
import { serialize } from "node:v8";
import { describe, expect, test } from "vitest";
import { Secret } from "../../src/runtime/secret.ts";

const VALUE = "a-value-that-nobody-prints";

describe("a secret", () => {
  test.each([
    ["as text", (s: Secret) => String(s)],
    ["in a template", (s: Secret) => `${s as unknown as string}`],
    ["joined to text", (s: Secret) => "" + (s as unknown as string)],
    ["as JSON", (s: Secret) => JSON.stringify({ s })],
    [
      "inspected with everything shown",
      (s: Secret) => inspect({ s }, { showHidden: true, depth: 9 }),
    ],
    ["formatted", (s: Secret) => format("%s %o %j", s, s, s)],
    ["in an error's message", (s: Secret) => String(new Error(`bad ${s as unknown as string}`))],
    ["copied", (s: Secret) => inspect(structuredClone(s))],
    ["serialised for another process", (s: Secret) => serialize({ s }).toString("latin1")],
    ["taken apart", (s: Secret) => JSON.stringify(Object.entries(s))],
  ])("does not show its value %s", (_form, print) => {
    const printed = print(new Secret(VALUE));

    expect(printed).not.toContain(VALUE);
  });

  test("hands its value to whoever uses it, exactly", () => {
    const value = "  spaces, ünïcode and \n lines 🔑";

    expect(new Secret(value).use((text) => text)).toBe(value);
  });

  test("equals another of the same value and no other", () => {
    expect(new Secret("a").equals(new Secret("a"))).toBe(true);
    expect(new Secret("a").equals(new Secret("b"))).toBe(false);
    expect(new Secret("a").equals(new Secret("ab"))).toBe(false);
  });

  test("is gone once destroyed", () => {
    const secret = new Secret(VALUE);

    secret.destroy();

    expect(() => secret.use((text) => text)).toThrow(/destroyed/);
  });

  test("cannot be empty", () => {
    expect(() => new Secret("")).toThrow(RangeError);
  });
});
