import { describe, expect, test } from "vitest";
import { watchLedger } from "../../../src/actors/sentinel/ledger-watch.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import type { LedgerReport } from "../../../src/vault/ledger/verify.ts";
import { NOON } from "../../kit/builders.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { setUp } from "./world.ts";

const HOUR_MS = 3_600_000;
const WHOLE: LedgerReport = { lines: 3, broken: null };
const CUT: LedgerReport = { lines: 2, broken: { line: 2, reason: "its end was cut off" } };

/** Watches a ledger that reads as told, and as a whole one from then on. */
async function watching(...answers: (LedgerReport | Error)[]) {
  const clock = new ManualClock(NOON);
  const told: HubEvent[] = [];
  const ending = new AbortController();
  const verifyLedger = async (): Promise<LedgerReport> => {
    const answer = answers.shift() ?? WHOLE;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const gate = new StoreGate(clock, () => {});
  const publish = (event: HubEvent): void => void told.push(event);
  const deps = { verifyLedger, gate, machineClock: clock, publish };
  const watch = watchLedger(deps, ending.signal);
  await clock.advance(0);
  return { clock, told, ending, watch };
}

describe("the watch over the ledger", () => {
  test("reads it at once and every day, and says that it is whole", async () => {
    const { clock, told } = await watching();
    await clock.advance(24 * HOUR_MS - 1);
    expect(told).toEqual([{ kind: "ledger-verified", lines: 3 }]);
    await clock.advance(1);
    expect(told).toHaveLength(2);
  });

  test("says at which line it was altered", async () => {
    const { told } = await watching(CUT);
    expect(told).toEqual([{ kind: "ledger-broken", ...CUT.broken }]);
  });

  test("says that it cannot be read, and tries again within the hour", async () => {
    const { clock, told } = await watching(new Error("EIO"));
    expect(told).toEqual([{ kind: "ledger-unread", reason: "EIO" }]);
    await clock.advance(HOUR_MS);
    expect(told.slice(1)).toEqual([{ kind: "ledger-verified", lines: 3 }]);
  });

  test("ends when it is told to, and says no more", async () => {
    const { clock, told, ending, watch } = await watching();
    ending.abort();
    await watch;
    await clock.advance(48 * HOUR_MS);
    expect(told).toHaveLength(1);
  });
});

test("a sentinel watches over the ledger, and a disk that does not read fails it not", async () => {
  const { clock, context, sentinel, vault, deps } = setUp();
  Object.assign(deps, { verifyLedger: () => Promise.reject(new Error("EIO")) });
  sentinel.start();
  await clock.advance(0);

  expect(vault.events).toEqual([{ kind: "ledger-unread", reason: "EIO" }]);
  expect(context.failures).toEqual([]);
});
