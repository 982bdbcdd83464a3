import { inspect } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import { Secret } from "../../../src/runtime/secret.ts";
import { SecretBroker } from "../../../src/vault/broker/broker.ts";
import { Policy } from "../../../src/vault/broker/policy.ts";
import type { Found, Unavailable } from "../../../src/vault/broker/source.ts";
import { LedgerFailure } from "../../../src/vault/ledger/ledger.ts";
import type { LedgerEntry } from "../../../src/vault/ledger/line.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const LEASE_MS = 900_000;
const WISH = { who: "trader", secret: "exchange:binance", purpose: "orders" } as const;

let clock: ManualClock;
let lines: LedgerEntry[];
let asked: number;
let revoked: string[];
let vaultSays: () => Found | Unavailable | undefined;
let ledgerFails: boolean;
let beforeLine: () => Promise<void>;
let broker: SecretBroker;

function found(value: string): Found {
  return { parts: { apiKey: new Secret(value) }, origin: "vault" };
}

beforeEach(() => {
  clock = new ManualClock();
  lines = [];
  asked = 0;
  revoked = [];
  ledgerFails = false;
  beforeLine = () => Promise.resolve();
  vaultSays = () => found("one");
  broker = new SecretBroker({
    find: async () => {
      asked += 1;
      await Promise.resolve();
      return vaultSays();
    },
    policy: new Policy([{ who: "trader", secret: "exchange:*", purposes: ["orders"] }]),
    ledger: {
      append: async (entry) => {
        await beforeLine();
        if (ledgerFails) throw new LedgerFailure(new Error("disk full"));
        lines.push(entry);
        return { n: lines.length, hash: "" };
      },
    },
    clock,
    machineClock: clock,
    random: () => 0.5,
    leaseMs: LEASE_MS,
    onRevoked: (secret) => revoked.push(secret),
  });
});

const valueOf = (answer: Awaited<ReturnType<SecretBroker["lease"]>>): string =>
  answer.kind === "granted"
    ? (answer.lease.parts["apiKey"]?.use((text) => text) ?? "")
    : answer.kind;

describe("a broker of secrets", () => {
  test("lends what the policy allows, and writes who, what, why, lease and version first", async () => {
    const answer = await broker.lease(WISH);

    expect(valueOf(answer)).toBe("one");
    expect(answer).toMatchObject({ lease: { version: 1, origin: "vault", validForMs: LEASE_MS } });
    const lease = answer.kind === "granted" ? answer.lease.id : "";
    expect(lines).toEqual([{ ...WISH, at: clock.nowMs(), event: "granted", lease, version: "1" }]);
    expect(inspect(answer, { depth: 9, showHidden: true })).not.toContain("one");
  });

  test.each([
    ["somebody else", { who: "harvester" }],
    ["a child of one who may", { who: "trader/child" }],
    ["another secret", { secret: "store" }],
    ["another purpose", { purpose: "curiosity" }],
  ] as const)("denies %s, asks the vault nothing, and writes that down", async (_who, change) => {
    const answer = await broker.lease({ ...WISH, ...change });

    expect(answer.kind).toBe("denied");
    expect(asked).toBe(0);
    expect(lines).toMatchObject([{ ...WISH, ...change, event: "denied" }]);
  });

  test("lends nothing that it cannot write down", async () => {
    ledgerFails = true;

    expect(await broker.lease(WISH)).toEqual({
      kind: "unavailable",
      reason: expect.stringMatching(/cannot be written: disk full/) as string,
    });
    const denied = await broker.lease({ ...WISH, who: "somebody" });
    expect(denied.kind).toBe("unavailable");
  });

  test("asks the vault once for a thousand wishes at once, and writes a line for each", async () => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => broker.lease(WISH)));

    expect(new Set(answers.map(valueOf))).toEqual(new Set(["one"]));
    expect(asked).toBe(1);
    expect(lines.length).toBe(1_000);
  });

  test("asks again before a lease ends, so that it never runs out while the vault answers", async () => {
    await broker.lease(WISH);

    await clock.advance(LEASE_MS * 5);

    const answer = await broker.lease(WISH);
    expect(answer).toMatchObject({ kind: "granted", lease: { version: 1 } });
    expect(asked).toBeGreaterThanOrEqual(7);
    expect(revoked).toEqual([]);
  });

  test("voids a lease within its renewal time when the vault has another value", async () => {
    const old = await broker.lease(WISH);
    vaultSays = () => found("two");

    await clock.advance(LEASE_MS * (2 / 3));

    expect(revoked).toEqual(["exchange:binance"]);
    expect(() => valueOf(old)).toThrow(/destroyed/);
    expect(lines.at(-1)).toMatchObject({
      event: "revoked",
      secret: "exchange:binance",
      version: "1",
    });
    const fresh = await broker.lease(WISH);
    expect(valueOf(fresh)).toBe("two");
    expect(fresh).toMatchObject({ lease: { version: 2 } });
  });

  test("voids a lease at once when it is told to look", async () => {
    await broker.lease(WISH);
    vaultSays = () => found("two");

    await broker.refresh("exchange:binance");

    expect(revoked).toEqual(["exchange:binance"]);
  });

  test("voids a lease of a secret that was taken away, and says that there is none", async () => {
    await broker.lease(WISH);
    vaultSays = () => undefined;

    await broker.refresh("exchange:binance");

    expect(await broker.lease(WISH)).toEqual({ kind: "absent" });
    expect(lines.at(-1)).toMatchObject({ event: "absent" });
  });

  test("never gives the same version number to two values", async () => {
    const versions: number[] = [];
    for (const value of ["one", undefined, "two", "three"]) {
      vaultSays = () => (value === undefined ? undefined : found(value));
      await broker.refresh("exchange:binance");
      const answer = await broker.lease(WISH);
      if (answer.kind === "granted") versions.push(answer.lease.version);
    }
    expect(versions).toEqual([1, 2, 3]);
  });

  test("lends what it holds while the vault is away, to the end of its lease and no longer", async () => {
    await broker.lease(WISH);
    vaultSays = () => ({ unavailable: "no answer" });

    await clock.advance(LEASE_MS - 1);
    const last = await broker.lease(WISH);
    await clock.advance(1);
    const late = await broker.lease(WISH);

    expect(last).toMatchObject({ kind: "granted", lease: { validForMs: 1 } });
    expect(late).toEqual({ kind: "unavailable", reason: "no answer" });
    vaultSays = () => found("one");
    expect(valueOf(await broker.lease(WISH))).toBe("one");
  });

  test("lends the new value when the vault has another one while the line is written", async () => {
    await broker.lease(WISH);
    vaultSays = () => found("two");
    let isFirst = true;
    beforeLine = async () => {
      if (!isFirst) return;
      isFirst = false;
      await broker.refresh("exchange:binance");
    };

    expect(valueOf(await broker.lease(WISH))).toBe("two");
  });

  test("does not give up what the vault lent for what lies elsewhere while it is away", async () => {
    await broker.lease(WISH);
    vaultSays = () => ({ ...found("old, from the environment"), whileAway: true });

    await clock.advance(LEASE_MS - 1);
    expect(valueOf(await broker.lease(WISH))).toBe("one");
    expect(revoked).toEqual([]);

    await clock.advance(1);
    expect(valueOf(await broker.lease(WISH))).toBe("old, from the environment");
  });

  test("lends nothing any more once it is closed", async () => {
    await broker.lease(WISH);
    broker.close();
    lines.length = 0;

    expect((await broker.lease(WISH)).kind).toBe("unavailable");
    expect(lines).toEqual([]);
  });

  test("overwrites every value when it closes, and asks no more", async () => {
    const answer = await broker.lease(WISH);

    broker.close();
    await clock.advance(LEASE_MS * 3);

    expect(() => valueOf(answer)).toThrow(/destroyed/);
    expect(asked).toBe(1);
  });
});
