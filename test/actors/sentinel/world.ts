import { createHash } from "node:crypto";
import type { Identity, SentinelProtocol } from "../../../src/actors/sentinel/protocol.ts";
import { Sentinel, type SentinelDeps } from "../../../src/actors/sentinel/sentinel.ts";
import { TokenBook } from "../../../src/actors/sentinel/token-book.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import type { LeaseAnswer, SecretWish } from "../../../src/vault/lease.ts";
import type { LedgerReport } from "../../../src/vault/ledger/verify.ts";
import { NOON } from "../../kit/builders.ts";
import { FakeContext } from "../../kit/fake-context.ts";
import { FakeStore } from "../../kit/fake-store.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

export const hash = (token: string): string => createHash("sha256").update(token).digest("hex");
export const ANN: Identity = { who: "ann", role: "admin", token: "operator.token" };

const WHOLE: LedgerReport = { lines: 3, broken: null };

export function setUp() {
  const clock = new ManualClock(NOON);
  const db = new FakeStore();
  const own = { hash: hash("ann's"), identity: ANN };
  const tokens = new TokenBook({ tokens: db.tokens, own, machineClock: clock, onMade: () => {} });
  const context = new FakeContext<SentinelProtocol>(clock);
  const gate = new StoreGate(clock, () => {});
  const vault = {
    answer: { kind: "absent" } as LeaseAnswer,
    counts: 0,
    head: { n: 0, hash: "" },
    events: [] as HubEvent[],
  };
  const wishes: SecretWish[] = [];
  const deps: SentinelDeps = {
    clock,
    machineClock: clock,
    gate,
    pulse: db.store.pulse,
    tokens,
    broker: {
      lease: async (wish) => {
        wishes.push(wish);
        return vault.answer;
      },
    },
    census: {
      refresh: async () => {
        await Promise.resolve();
        vault.counts += 1;
      },
    },
    ledger: {
      id: "book",
      get head() {
        return vault.head;
      },
    },
    verifyLedger: async () => WHOLE,
    publish: (event) => void vault.events.push(event),
  };
  const sentinel = new Sentinel(deps, context);
  return { clock, db, sentinel, vault, wishes, context, deps };
}
