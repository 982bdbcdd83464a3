import { describe, expect, test } from "vitest";
import { Secret } from "../../../src/runtime/secret.ts";
import { LeaseHolder } from "../../../src/vault/broker/holder.ts";
import type { LeaseAnswer } from "../../../src/vault/lease.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const SECRET = "broker:oanda";

function granted(id: string, validForMs = 60_000): LeaseAnswer {
  const lease = { id, secret: SECRET, version: 1, origin: "vault", validForMs } as const;
  return { kind: "granted", lease: { ...lease, parts: { apiKey: new Secret(id) } } };
}

function setUp() {
  const clock = new ManualClock();
  const waiting: ((answer: LeaseAnswer | Error) => void)[] = [];
  const state = { asked: 0 };
  const ask = (): Promise<LeaseAnswer> => {
    state.asked += 1;
    return new Promise((resolve, reject) => {
      waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  };
  const holder = new LeaseHolder({ secret: SECRET, ask, machineClock: clock });
  /** Answers the oldest question. */
  const answer = async (given: LeaseAnswer | Error): Promise<void> => {
    waiting.shift()?.(given);
    await clock.advance(0);
  };
  const take = async (given: LeaseAnswer): Promise<LeaseAnswer> => {
    const lease = holder.lease();
    await answer(given);
    return lease;
  };
  return { clock, holder, state, answer, take };
}

describe("the holder of a lease", () => {
  test("asks once for however many need it at once, and not again while it is good", async () => {
    const { holder, state, answer, clock } = setUp();
    const first = granted("first");

    const all = Promise.all(Array.from({ length: 1_000 }, () => holder.lease()));
    await answer(first);

    expect(new Set(await all)).toEqual(new Set([first]));
    await clock.advance(59_999);
    expect(await holder.lease()).toBe(first);
    expect(state.asked).toBe(1);
  });

  test("asks again once its time is over, counted from the question", async () => {
    const { holder, state, clock, answer } = setUp();
    const lease = holder.lease();
    await clock.advance(10_000);
    await answer(granted("first"));
    await lease;

    await clock.advance(50_000);
    const next = holder.lease();
    expect(state.asked).toBe(2);
    await answer(granted("second"));

    expect(await next).toMatchObject({ lease: { id: "second" } });
  });

  test("asks again once its secret was revoked, and cares for no other", async () => {
    const { holder, state, take } = setUp();
    await take(granted("first"));

    holder.revoked("broker:binance");
    await holder.lease();
    expect(state.asked).toBe(1);
    holder.revoked(SECRET);

    expect(await take(granted("second"))).toMatchObject({ lease: { id: "second" } });
  });

  test("does not keep what was on its way when the secret was revoked", async () => {
    const { holder, answer } = setUp();
    const early = holder.lease();
    holder.revoked(SECRET);
    const late = holder.lease();
    await answer(granted("old"));
    await answer(granted("new"));

    expect(await early).toMatchObject({ lease: { id: "old" } });
    expect(await late).toMatchObject({ lease: { id: "new" } });
    expect(await holder.lease()).toMatchObject({ lease: { id: "new" } });
  });

  test.each<LeaseAnswer>([
    { kind: "absent" },
    { kind: "denied", reason: "no rule" },
    { kind: "unavailable", reason: "the vault is away" },
  ])("hands on that there is none ($kind), and asks again after five seconds", async (none) => {
    const { holder, state, clock, take } = setUp();

    expect(await take(none)).toEqual(none);
    await clock.advance(4_999);
    expect(await holder.lease()).toEqual(none);
    expect(state.asked).toBe(1);
    await clock.advance(1);

    expect(await take(granted("set up"))).toMatchObject({ lease: { id: "set up" } });
  });

  test("keeps no failure: the next use asks again", async () => {
    const { holder, answer, take } = setUp();
    const failing = holder.lease();
    const seen = failing.catch((error: unknown) => error);
    await answer(new Error("torn"));

    expect(await seen).toMatchObject({ message: "torn" });
    expect(await take(granted("first"))).toMatchObject({ lease: { id: "first" } });
  });
});
