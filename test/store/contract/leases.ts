import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Fence, LeaseAnswer, LeaseStore, LeaseWish } from "../../../src/store/lease-port.ts";
import type { Store } from "../../../src/store/port.ts";
import type { Settlement } from "../../../src/store/trade-port.ts";
import { accepted, decideNow, MONDAY, request } from "../builders.ts";

const LONG_MS = 600_000;
/** Over before anybody asks again. */
const SHORT_MS = 1;

export function wish(name: string, over: Partial<LeaseWish> = {}): LeaseWish {
  const holder = randomUUID();
  return { name, holder, instance: "a hub", ttlMs: LONG_MS, timeoutMs: 5_000, ...over };
}

function fenceOf(lease: string, answer: LeaseAnswer): Fence {
  if (answer.kind === "taken") throw new Error(`${lease} is held by ${answer.by}`);
  return { lease, epoch: answer.epoch };
}

/** @param pass lets time pass where the leases live. */
export function leasePromises(
  opened: { readonly leases: LeaseStore },
  pass: (ms: number) => Promise<void>,
): void {
  const left = async (name: string): Promise<number | undefined> =>
    (await opened.leases.list()).find((lease) => lease.name === name)?.leftMs;

  test("go to one of twenty who ask at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        opened.leases.acquire(wish("race", { instance: `hub ${i}` })),
      ),
    );

    const held = answers.filter(({ kind }) => kind === "held");
    const others = new Set(answers.flatMap((a) => (a.kind === "taken" ? [a.by] : [])));
    expect(held).toMatchObject([{ epoch: 1 }]);
    expect(others.size).toBe(1);
  });

  test("stay with their holder, at one epoch, for as long as it prolongs them", async () => {
    const mine = wish("kept");

    const first = await opened.leases.acquire(mine);
    const again = await opened.leases.acquire(mine);
    const other = await opened.leases.acquire(wish("kept"));

    expect([first, again]).toMatchObject([{ epoch: 1 }, { epoch: 1 }]);
    expect(other).toMatchObject({ kind: "taken", by: "a hub" });
    expect(await left("kept")).toBeGreaterThan(LONG_MS / 2);
  });

  test("have a higher epoch after each end, whoever takes them then", async () => {
    const brief = wish("brief", { ttlMs: SHORT_MS });
    const epochs: (number | undefined)[] = [];

    for (const one of [brief, wish("brief", { ttlMs: SHORT_MS }), brief, brief]) {
      const answer = await opened.leases.acquire(one);
      epochs.push(answer.kind === "held" ? answer.epoch : undefined);
      await pass(20);
    }

    expect(epochs).toEqual([1, 2, 3, 4]);
    expect(await left("brief")).toBe(0);
  });

  test("tell their holder that somebody else asks for them, until that one gives up", async () => {
    const mine = wish("sought");
    const first = await opened.leases.acquire(mine);

    // Long enough for a slow machine to ask again in time.
    await opened.leases.acquire(wish("sought", { ttlMs: 3_000 }));
    const second = await opened.leases.acquire(mine);
    await pass(3_050);
    const third = await opened.leases.acquire(mine);

    expect([first, second, third]).toMatchObject([
      { sought: false },
      { sought: true },
      { sought: false },
    ]);
  });

  test("are free at once when they are given back, once however often that is said", async () => {
    const mine = wish("returned");
    const fence = fenceOf("returned", await opened.leases.acquire(mine));
    await opened.leases.release(fence, mine.holder);

    const next = await opened.leases.acquire(wish("returned"));
    await opened.leases.release(fence, mine.holder);

    expect(next).toMatchObject({ kind: "held", epoch: 2 });
    expect(await opened.leases.acquire(mine)).toMatchObject({ kind: "taken" });
  });

  test("are given back by nobody but their holder", async () => {
    const mine = wish("own");
    const fence = fenceOf("own", await opened.leases.acquire(mine));

    await opened.leases.release(fence, randomUUID());
    await opened.leases.release({ ...fence, epoch: fence.epoch - 1 }, mine.holder);

    expect(await left("own")).toBeGreaterThan(0);
  });

  test("can be taken from a holder that is known to be dead", async () => {
    await opened.leases.acquire(wish("orphan", { instance: "dead" }));

    const answer = await opened.leases.acquire(wish("orphan", { instance: "heir", force: true }));

    expect(answer).toMatchObject({ kind: "held", epoch: 2 });
    expect(await opened.leases.list()).toContainEqual(
      expect.objectContaining({ name: "orphan", instance: "heir", epoch: 2 }),
    );
  });

  test("are given to the heir of a dead holder at once, and are not taken from anybody else", async () => {
    const dead = wish("left", { instance: "dead" });
    await opened.leases.acquire(dead);
    const predecessor = dead.holder;

    const heir = wish("left", { instance: "heir", predecessor });
    expect(await opened.leases.acquire(heir)).toMatchObject({ kind: "held", epoch: 2 });
    const late = wish("left", { instance: "late", predecessor });

    expect(await opened.leases.acquire(late)).toMatchObject({ kind: "taken", by: "heir" });
  });
}

/** What a fence keeps out: no order is taken or written down by who has lost the lease. */
export function fencePromises(opened: { readonly store: Store }): void {
  const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
  const order = request("fenced");

  let made = 0;

  /** A lease that its holder has lost, and whether another one holds it now. */
  async function lost(isTaken: boolean): Promise<Fence> {
    made += 1;
    const brief = wish(`fence:${made}`, { ttlMs: SHORT_MS });
    const fence = fenceOf(brief.name, await opened.store.leases.acquire(brief));
    await sleep(20);
    if (isTaken) await opened.store.leases.acquire(wish(brief.name));
    return fence;
  }
  const ahead = async (): Promise<Fence> => {
    const { lease, epoch } = await lost(true);
    return { lease, epoch: epoch + 2 };
  };

  describe.each([
    ["has run out", () => lost(false)],
    ["another holds", () => lost(true)],
    ["is held at a lower epoch", ahead],
    ["nobody ever held", async () => ({ lease: "fence:never", epoch: 1 })],
  ] satisfies [string, () => Promise<Fence>][])("of a lease that %s", (_what, fallen) => {
    test("lets nobody take from the queue", async () => {
      const fence = await fallen();
      await decideNow(opened.store, [accepted("fenced")]);

      const claim = opened.store.trade.claim("late", 1, 60_000, fence);

      await expect(claim).rejects.toMatchObject({ fault: "refused", reason: "lease-lost" });
      const [item] = (await opened.store.trade.queue(50)).filter(
        ({ signalId }) => signalId === "fenced",
      );
      expect(item).toMatchObject({ status: "pending", attempts: 0 });
    });

    test("lets nobody write an order down", async () => {
      const fence = await fallen();

      const created = opened.store.trade.createOrder(order, MONDAY, fence);

      await expect(created).rejects.toMatchObject({ fault: "refused", reason: "lease-lost" });
      expect(await opened.store.trade.order(order.clientOrderId)).toBeUndefined();
    });
  });

  test("lets its holder through, and with the next holder that one alone", async () => {
    const { leases, trade } = opened.store;
    const first = wish("fence:handed");
    const before = fenceOf(first.name, await leases.acquire(first));
    const { created } = await trade.createOrder(order, MONDAY, before);
    await leases.release(before, first.holder);
    const after = fenceOf(first.name, await leases.acquire(wish(first.name)));

    const late = await trade.createOrder(order, MONDAY, before).catch((error: unknown) => error);
    const next = await trade.createOrder(order, MONDAY, after);

    expect(created).toBe(true);
    expect(late).toMatchObject({ reason: "lease-lost" });
    expect(next).toMatchObject({ created: false, order: { createdAt: MONDAY } });
  });

  test("keeps a judgement on an order out, and lets through what a venue has done", async () => {
    const { trade } = opened.store;
    const fence = await lost(true);
    const mine = wish("fence:judge");
    const standing = fenceOf(mine.name, await opened.store.leases.acquire(mine));
    const step = (state: "rejected" | "unknown"): Settlement => ({
      order:
        state === "unknown"
          ? { ...order, createdAt: MONDAY, state, sentAt: MONDAY }
          : { ...order, createdAt: MONDAY, state, reason: "never received", endedAt: MONDAY },
      fills: [],
      cashDelta: "0",
      release: state === "rejected",
    });

    const late = await trade.settle(step("rejected"), fence).catch((error: unknown) => error);
    const unmoved = await trade.order(order.clientOrderId);
    await trade.settle(step("unknown"));
    const told = await trade.order(order.clientOrderId);
    await trade.settle(step("rejected"), standing);

    expect(late).toMatchObject({ fault: "refused", reason: "lease-lost" });
    expect([unmoved?.state, told?.state]).toEqual(["created", "unknown"]);
    expect(await trade.order(order.clientOrderId)).toMatchObject({ state: "rejected" });
  });
}
