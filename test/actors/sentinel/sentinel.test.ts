import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Identity, SentinelProtocol } from "../../../src/actors/sentinel/protocol.ts";
import { Sentinel } from "../../../src/actors/sentinel/sentinel.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import { NOON } from "../../kit/builders.ts";
import { FakeContext } from "../../kit/fake-context.ts";
import { FakeStore } from "../../kit/fake-store.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const hash = (token: string): string => createHash("sha256").update(token).digest("hex");
const ANN: Identity = { who: "ann", role: "admin" };
const BOB: Identity = { who: "bob", role: "viewer" };

function setUp() {
  const clock = new ManualClock(NOON);
  const db = new FakeStore();
  const tokens = [
    { hash: hash("ann's"), identity: ANN },
    { hash: hash("bob's"), identity: BOB },
  ];
  const context = new FakeContext<SentinelProtocol>(clock);
  const gate = new StoreGate(clock, () => {});
  const deps = { clock, gate, pulse: db.store.pulse, tokens: () => tokens };
  const sentinel = new Sentinel(deps, context);
  return { clock, db, tokens, sentinel };
}

describe("a sentinel", () => {
  test("knows whose token a hash belongs to", () => {
    const { sentinel } = setUp();

    expect(sentinel.identify({ tokenHash: hash("ann's") })).toEqual(ANN);
    expect(sentinel.identify({ tokenHash: hash("bob's") })).toEqual(BOB);
  });

  test.each(["", "zz", "ab", hash("eve's"), hash("ann's").slice(0, 62), `${hash("ann's")}00`])(
    "lets nobody in by %j",
    (tokenHash) => {
      expect(setUp().sentinel.identify({ tokenHash })).toBeNull();
    },
  );

  test("lets nobody in whose token was taken away", () => {
    const { sentinel, tokens } = setUp();
    tokens.shift();

    expect(sentinel.identify({ tokenHash: hash("ann's") })).toBeNull();
  });

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
