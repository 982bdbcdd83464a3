import { describe, expect, test } from "vitest";
import { readAnchor } from "../../../src/actors/sentinel/anchors.ts";
import { Sentinel, type SentinelDeps } from "../../../src/actors/sentinel/sentinel.ts";
import { Secret } from "../../../src/runtime/secret.ts";
import { LeaseKey } from "../../../src/vault/broker/sealed-lease.ts";
import type { LeaseAnswer, SealedWish } from "../../../src/vault/lease.ts";
import { NOON } from "../../kit/builders.ts";

import { ANN, hash, setUp } from "./world.ts";

describe("a sentinel", () => {
  test("knows whose token a hash belongs to", () => {
    const { sentinel } = setUp();

    expect(sentinel.identify({ tokenHash: hash("ann's") })).toEqual(ANN);
  });

  test.each(["", "zz", "ab", hash("eve's"), hash("ann's").slice(0, 62), `${hash("ann's")}00`])(
    "lets nobody in by %j",
    (tokenHash) => {
      expect(setUp().sentinel.identify({ tokenHash })).toBeNull();
    },
  );

  test("writes down who did what, and answers once it is written", async () => {
    const { sentinel, db, clock } = setUp();
    db.offlineCalls = 2;

    const writing = sentinel.record({ who: "ann", what: "trading.halt", detail: { why: "storm" } });
    expect(db.audits).toEqual([]);
    await clock.advance(1_000);
    await writing;

    expect(db.audits).toEqual([
      { at: NOON, who: "ann", what: "trading.halt", detail: { why: "storm" } },
    ]);
  });
});

describe("a sentinel and its secrets", () => {
  const SEALED_WISH = { secret: "broker:oanda", purpose: "market-data" } as const;
  const LENT: LeaseAnswer = {
    kind: "granted",
    lease: {
      id: "lease",
      secret: "broker:oanda",
      parts: { apiKey: new Secret("the-key") },
      version: 1,
      origin: "vault",
      validForMs: 60_000,
    },
  };
  const WISH = { who: "trader", secret: "broker:oanda", purpose: "orders" } as const;

  test("hands on what the broker answers, and tells of it without the value", async () => {
    const { sentinel, vault } = setUp();
    vault.answer = { kind: "denied", reason: "trader may not" };

    expect(await sentinel.lease(WISH)).toBe(vault.answer);
    expect(vault.events).toEqual([
      { kind: "secret-asked", ...WISH, outcome: "denied", reason: "trader may not" },
    ]);
  });

  test("seals what another process asks for, for the key it asks with", async () => {
    const { sentinel, vault } = setUp();
    vault.answer = LENT;
    const key = new LeaseKey();

    const answer = await sentinel.leaseSealed({ ...SEALED_WISH, publicKey: key.publicKey });

    expect(JSON.stringify(answer)).not.toContain("the-key");
    const lease = answer.kind === "granted" ? key.open(answer.lease) : undefined;
    expect(lease?.parts["apiKey"]?.use((text) => text)).toBe("the-key");
  });

  test("takes who asks from another process for the harvester of that venue, whatever it says", async () => {
    const { sentinel, vault, wishes } = setUp();
    vault.answer = { kind: "absent" };
    const publicKey = new LeaseKey().publicKey;

    const answer = await sentinel.leaseSealed({
      ...SEALED_WISH,
      publicKey,
      who: "trader",
    } as SealedWish);

    expect(answer).toEqual({ kind: "absent" });
    expect(wishes).toMatchObject([{ who: "commander/harvesters/harvester:oanda" }]);
  });

  test("answers a public key once", async () => {
    const { sentinel, vault, wishes } = setUp();
    vault.answer = LENT;
    const wish = { ...SEALED_WISH, publicKey: new LeaseKey().publicKey };

    expect(await sentinel.leaseSealed(wish)).toMatchObject({ kind: "granted" });
    expect(await sentinel.leaseSealed(wish)).toMatchObject({ kind: "denied" });
    expect(wishes).toHaveLength(1);
    expect(vault.events.map((e) => e.kind === "secret-asked" && e.outcome)).toEqual([
      "granted",
      "denied",
    ]);
  });

  test("lends nothing to a key that is none, and lives", async () => {
    const { sentinel, vault } = setUp();
    vault.answer = LENT;

    expect(await sentinel.leaseSealed({ ...SEALED_WISH, publicKey: "none" })).toEqual({
      kind: "unavailable",
      reason: "not a public key",
    });
  });

  test("looks which secrets are set up at its start, every five minutes, and when it is told", async () => {
    const { sentinel, vault, clock } = setUp();

    sentinel.start();
    await clock.advance(0);
    expect(vault.counts).toBe(1);
    await clock.advance(600_000);
    expect(vault.counts).toBe(3);
    await sentinel.census();
    expect(vault.counts).toBe(4);
  });

  test("notes how far the ledger goes within a minute, and not again before it has grown", async () => {
    const { sentinel, vault, clock, db } = setUp();
    sentinel.start();
    await clock.advance(30_000);
    expect(db.audits).toEqual([]);

    vault.head = { n: 7, hash: "seven" };
    await clock.advance(60_000);
    await clock.advance(600_000);

    expect(db.audits.length).toBe(1);
    const [noted] = db.audits;
    expect(noted && readAnchor(noted, "book")).toEqual({ n: 7, hash: "seven" });
    expect(noted && readAnchor(noted, "another book")).toBeUndefined();
  });

  test("notes the last lines when it stops, unless the database is away", async () => {
    const { sentinel, vault, db } = setUp();
    vault.head = { n: 2, hash: "two" };

    db.offlineCalls = 1;
    await sentinel.stop();
    expect(db.audits).toEqual([]);
    await sentinel.stop();
    expect(db.audits).toMatchObject([{ what: "ledger.anchor", detail: { n: 2, hash: "two" } }]);
  });

  test("fails when it cannot look for a reason that nobody foresaw", async () => {
    const { context, deps } = setUp();
    const failing: SentinelDeps = {
      ...deps,
      census: { refresh: () => Promise.reject(new Error("torn")) },
    };
    const sentinel = new Sentinel(failing, context);

    sentinel.start();
    await Promise.resolve();
    await Promise.resolve();

    expect(context.failures).toMatchObject([{ message: "torn" }]);
  });
});
