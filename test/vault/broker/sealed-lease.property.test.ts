import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret } from "../../../src/runtime/secret.ts";
import { LeaseKey, sealLease } from "../../../src/vault/broker/sealed-lease.ts";
import { ShownKeys } from "../../../src/vault/broker/shown-keys.ts";
import type { Lease, SealedLease } from "../../../src/vault/lease.ts";

const value = fc.string({ unit: "binary", minLength: 1 });
const parts = fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,12}$/), value, { maxKeys: 4 });

function lease(values: Readonly<Record<string, string>> = { apiKey: "k", accountId: "a" }): Lease {
  const secrets = Object.entries(values).map(([name, text]) => [name, new Secret(text)] as const);
  return {
    id: "6f1c2c0e",
    secret: "broker:oanda",
    version: 3,
    origin: "vault",
    validForMs: 250_000,
    parts: Object.fromEntries(secrets),
  };
}

const read = ({ parts: secrets }: Lease): Record<string, string> =>
  Object.fromEntries(
    Object.entries(secrets).map(([name, part]) => [name, part.use((text) => text)]),
  );

/** As it comes out of a channel between processes. */
const overTheWire = (sealed: SealedLease): SealedLease =>
  JSON.parse(JSON.stringify(sealed)) as SealedLease;

const ENCODED = ["publicKey", "iv", "tag", "sealed"] as const;

describe("a sealed lease", () => {
  test("opens with the key it was asked with to what it was, whatever it holds", () => {
    fc.assert(
      fc.property(parts, (values) => {
        const key = new LeaseKey();
        const opened = key.open(overTheWire(sealLease(lease(values), key.publicKey)));
        expect(read(opened)).toEqual({ ...values });
        expect({ ...opened, parts: {} }).toEqual({ ...lease(), parts: {} });
      }),
    );
  });

  test("shows nothing of what it holds", () => {
    const secret = "a-rather-long-api-key";
    const text = JSON.stringify(sealLease(lease({ apiKey: secret }), new LeaseKey().publicKey));

    const shapes = ["utf8", "base64", "base64url", "hex"] as const;
    for (const shape of shapes) expect(text).not.toContain(Buffer.from(secret).toString(shape));
    expect(text).not.toContain("apiKey");
  });

  test("opens for nobody else", () => {
    const sealed = sealLease(lease(), new LeaseKey().publicKey);

    expect(() => new LeaseKey().open(sealed)).toThrow("altered");
  });

  test("does not open once any bit of it is another", () => {
    const key = new LeaseKey();
    const sealed = sealLease(lease(), key.publicKey);
    fc.assert(
      fc.property(fc.constantFrom(...ENCODED), fc.nat(), fc.nat({ max: 7 }), (field, n, bit) => {
        const raw = Buffer.from(sealed[field], "base64url");
        raw.writeUInt8(raw.readUInt8(n % raw.length) ^ (1 << bit), n % raw.length);
        expect(() => key.open({ ...sealed, [field]: raw.toString("base64url") })).toThrow(
          "altered",
        );
      }),
    );
    expect(read(key.open(sealed))).toEqual({ apiKey: "k", accountId: "a" });
  });

  test("does not open with a tag, or anything else, cut short", () => {
    const key = new LeaseKey();
    const sealed = sealLease(lease(), key.publicKey);
    for (const field of ENCODED) {
      const short = Buffer.from(sealed[field], "base64url").subarray(0, 4).toString("base64url");
      expect(() => key.open({ ...sealed, [field]: short })).toThrow("altered");
    }
  });

  test.each([
    ["id", "another"],
    ["secret", "broker:binance"],
    ["version", 4],
    ["origin", "environment"],
    ["validForMs", 250_001],
  ])("does not open with another %s", (term, other) => {
    const key = new LeaseKey();
    const sealed = sealLease(lease(), key.publicKey);

    expect(() => key.open({ ...sealed, [term]: other })).toThrow("altered");
  });

  test("is sealed anew each time, also for the same key", () => {
    const key = new LeaseKey();
    const [one, two] = [sealLease(lease(), key.publicKey), sealLease(lease(), key.publicKey)];

    expect(ENCODED.map((field) => one[field] === two[field])).toEqual([false, false, false, false]);
  });

  const sound = new LeaseKey().publicKey;
  const raw = Buffer.from(sound, "base64url");
  const withTopBit = Buffer.from(raw);
  withTopBit.writeUInt8(withTopBit.readUInt8(31) | 0x80, 31);
  test.each([
    ["nothing", ""],
    ["a word", "key"],
    ["a key cut short", raw.subarray(1).toString("base64url")],
    ["a key written otherwise", raw.toString("base64")],
    ["a key and more", `${sound}A`],
    ["the same key written a second way", withTopBit.toString("base64url")],
    ["a key that would make the agreement known", Buffer.alloc(32).toString("base64url")],
  ])("is not made for %s", (_what, publicKey) => {
    expect(() => sealLease(lease(), publicKey)).toThrow(RangeError);
  });

  test("is not made of a value that was destroyed", () => {
    const gone = lease();
    gone.parts["apiKey"]?.destroy();

    expect(() => sealLease(gone, sound)).toThrow(RangeError);
  });
});

describe("a public key", () => {
  test("serves once, among the newest ten thousand", () => {
    const keys = new ShownKeys();
    const names = Array.from({ length: 10_000 }, (_, n) => `key ${n}`);

    expect(names.every((name) => keys.admit(name))).toBe(true);
    expect(names.some((name) => keys.admit(name))).toBe(false);
    expect(keys.admit("one more")).toBe(true);
    expect(keys.admit("key 0")).toBe(true);
  });
});
