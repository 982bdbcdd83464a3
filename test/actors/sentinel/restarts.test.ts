import { createSecretKey, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sentinelSpec } from "../../../src/actors/sentinel/sentinel.ts";
import { TokenBook } from "../../../src/actors/sentinel/token-book.ts";
import { Secret } from "../../../src/runtime/secret.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import { SecretBroker } from "../../../src/vault/broker/broker.ts";
import { Policy } from "../../../src/vault/broker/policy.ts";
import type { LeaseAnswer } from "../../../src/vault/lease.ts";
import { Ledger } from "../../../src/vault/ledger/ledger.ts";
import { verifyLedger } from "../../../src/vault/ledger/verify.ts";
import { FakeStore } from "../../kit/fake-store.ts";
import { setUp } from "../../runtime/support.ts";

const RULE = { who: "trader", secret: "broker:*", purposes: ["orders"] };

test("a sentinel that is restarted again and again loses no line of the ledger", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hub-sentinel-"));
  const key = createSecretKey(randomBytes(32));
  const ledger = Ledger.open(join(folder, "ledger"), key);
  const { clock, system, kinds } = await setUp({ intensity: { maxRestarts: 99, withinMs: 1 } });
  const broker = new SecretBroker({
    find: async () => {
      await Promise.resolve();
      return { parts: { apiKey: new Secret("k") }, origin: "vault" };
    },
    policy: new Policy([RULE]),
    ledger,
    clock,
    machineClock: clock,
    random: () => 0.5,
    leaseMs: 900_000,
    onRevoked: () => undefined,
  });
  const db = new FakeStore();
  const identity = { who: "operator", role: "admin", token: "operator.token" } as const;
  const tokens = new TokenBook({
    tokens: db.tokens,
    own: { hash: "00".repeat(32), identity },
    machineClock: clock,
    onMade: () => {},
  });
  let censusFails = false;
  const sentinel = await system.root.spawn(
    sentinelSpec({
      clock,
      machineClock: clock,
      gate: new StoreGate(clock, () => {}),
      pulse: db.store.pulse,
      tokens,
      broker,
      census: {
        refresh: () => (censusFails ? Promise.reject(new Error("torn")) : Promise.resolve()),
      },
      ledger,
      verifyLedger: async () => ({ lines: 0, broken: null }),
      publish: () => {},
    }),
  );
  const wish = { who: "trader", secret: "broker:oanda", purpose: "orders" } as const;
  const granted: string[] = [];
  const note = (answer: LeaseAnswer): void => {
    if (answer.kind === "granted") granted.push(answer.lease.id);
  };
  try {
    for (let round = 0; round < 10; round += 1) {
      const ask = (): Promise<void> => sentinel.ask("lease", wish).then(note);
      await Promise.all(Array.from({ length: 10 }, ask));
      // These are cut off somewhere: before the line, after it, or after their answer.
      const racing = Promise.allSettled(Array.from({ length: 20 }, ask));
      for (let turn = 0; turn < round; turn += 1) await Promise.resolve();
      censusFails = true;
      sentinel.tell("census", null);
      await clock.advance(0);
      censusFails = false;
      await clock.advance(5_000);
      await racing;
    }
    expect(kinds().filter((kind) => kind === "restarting sentinel").length).toBe(10);
    expect(granted.length).toBeGreaterThanOrEqual(100);

    const lines = ledger.newest(1_000);
    const written = new Set(lines.map(({ lease }) => lease));
    expect(granted.filter((id) => !written.has(id))).toEqual([]);
    expect(await verifyLedger(ledger.path, key, [ledger.head])).toEqual({
      lines: lines.length,
      broken: null,
    });
  } finally {
    await system.stop("done", 1_000);
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
