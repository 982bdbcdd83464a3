import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import { EVERYTHING, haltOrder } from "../../kit/halts.ts";
import {
  accepted,
  decideNow,
  MINUTE,
  MONDAY,
  nextTraderFence,
  refused,
  request,
  signal,
  traderFence,
} from "../builders.ts";

export function tradePromises(opened: { readonly store: Store }): void {
  const risk = () => opened.store.trade.riskState(MONDAY);

  test("has no account until one is opened, and opens it once", async () => {
    const { trade } = opened.store;
    await expect(trade.account()).rejects.toMatchObject({ reason: "no-account" });
    await expect(risk()).rejects.toMatchObject({ reason: "no-account" });

    const first = await trade.openAccount("paper", "USDT", "10000.50", MONDAY + MINUTE);
    const second = await trade.openAccount("paper", "USDT", "7", MONDAY);

    expect(second).toEqual(first);
    expect(await trade.account()).toEqual({
      broker: "paper",
      currency: "USDT",
      cash: "10000.5",
      reserved: "0",
      startingCash: "10000.5",
      peakEquity: "10000.5",
      dayStartEquity: "10000.5",
      dayStart: MONDAY,
    });
  });

  test("decides, queues and sets money aside in one step", async () => {
    const { trade } = opened.store;
    const before = await risk();

    const answer = await trade.decide([accepted("d-1"), refused("d-2")], before.revision);

    expect(answer.decided.toSorted()).toEqual(["d-1", "d-2"]);
    const after = await risk();
    expect(after.account.reserved).toBe("50.5");
    expect(after.working).toEqual([{ ...request("d-1"), reservedQuote: "50.5" }]);
    expect(after.tradesToday).toBe(1);
    expect(after.revision).toBeGreaterThan(before.revision);
    expect(await trade.queue(5)).toMatchObject([
      { signalId: "d-1", order: request("d-1"), attempts: 0, status: "pending" },
    ]);
  });

  test("keeps the verdict a signal has, and queues it once", async () => {
    const { trade } = opened.store;
    const { revision } = await risk();

    const again = await trade.decide([accepted("d-1"), accepted("d-1")], revision - 1);

    const { decidedAt } = accepted("d-1").verdict;
    expect(again).toEqual({ decided: [], earlier: [{ id: "d-1", decidedAt }] });
    expect((await trade.queue(50)).filter(({ signalId }) => signalId === "d-1")).toHaveLength(1);
    expect((await risk()).revision).toBe(revision);
  });

  test("tells what it decided now from what had its verdict, and when that was given", async () => {
    const { trade } = opened.store;
    const { revision } = await risk();

    const answer = await trade.decide([refused("d-6"), refused("d-2")], revision);

    const { decidedAt } = refused("d-2").verdict;
    expect(answer).toEqual({ decided: ["d-6"], earlier: [{ id: "d-2", decidedAt }] });
  });

  test("refuses a decision on an older state, whole", async () => {
    const { trade } = opened.store;
    const { revision } = await risk();
    await trade.halt(haltOrder(), MONDAY);

    const late = trade.decide([accepted("d-3"), refused("d-4")], revision);

    await expect(late).rejects.toMatchObject({ fault: "refused", reason: "stale-revision" });
    const ids = (await trade.signals({ limit: 50 })).map((row) => row.signal.id);
    expect(ids).not.toContain("d-4");
    await trade.resume(EVERYTHING, "ann", MONDAY + 1);
  });

  test("refuses an acceptance without an order", async () => {
    const { trade } = opened.store;
    const { order: _, ...bare } = accepted("d-5");

    const odd = trade.decide([bare], (await risk()).revision);

    await expect(odd).rejects.toMatchObject({ reason: "order-and-verdict-differ" });
  });

  test("gives signals back with every check, newest first, filtered and in pages", async () => {
    const { trade } = opened.store;
    const elsewhere = { exchange: "kraken", pair: "SOL/EUR", timeframe: "4h" } as const;
    const other = { ...refused("s-2"), signal: signal("s-2", { series: elsewhere }) };
    await decideNow(opened.store, [accepted("s-1")]);
    await decideNow(opened.store, [other]);

    const [newest, next] = await trade.signals({ limit: 2 });

    expect(newest).toMatchObject({ signal: other.signal, verdict: other.verdict });
    expect(next).toMatchObject({ signal: signal("s-1"), verdict: accepted("s-1").verdict });
    const page = await trade.signals({ limit: 1, beforeSeq: newest?.seq ?? 0 });
    expect(page).toEqual([next]);
    expect(await trade.signals({ limit: 9, series: elsewhere })).toEqual([newest]);
    const taken = await trade.signals({ limit: 50, decision: "accepted" });
    expect(taken.map((row) => row.signal.id)).toEqual(["s-1", "d-1"]);
  });

  test("hands each item to one of eight workers", async () => {
    const { trade } = opened.store;
    const ids = Array.from({ length: 60 }, (_, i) => `w-${i}`);
    await decideNow(
      opened.store,
      ids.map((id) => accepted(id)),
    );

    const fence = await traderFence(opened.store);
    const taken = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const worker = `worker-${i}`;
        const mine: string[] = [];
        for (;;) {
          const items = await trade.claim(worker, 3, 60_000, fence);
          if (items.length === 0) return mine;
          for (const item of items) {
            mine.push(item.signalId);
            await trade.finish(item, worker);
          }
        }
      }),
    );

    const all = taken.flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(expect.arrayContaining(ids));
    expect((await risk()).working).toEqual([]);
    expect((await risk()).account.reserved).toBe("0");
  });

  test("gives an item away after its time, and lets only its holder end it", async () => {
    const { trade } = opened.store;
    await decideNow(opened.store, [accepted("q-1")]);
    const fence = await traderFence(opened.store);
    const [slow] = await trade.claim("slow", 1, 0, fence);
    const [quick] = await trade.claim("quick", 1, 60_000, fence);
    if (slow === undefined || quick === undefined) throw new Error("nothing to claim");

    expect(quick).toEqual({ ...slow, attempts: 2 });
    await expect(trade.finish(slow, "slow")).rejects.toMatchObject({ reason: "stale-claim" });
    await trade.finish(quick, "quick");
    await expect(trade.finish(quick, "quick")).resolves.toBeUndefined();
  });

  test("gives what was claimed behind an earlier fence away at once", async () => {
    const { trade } = opened.store;
    await decideNow(opened.store, [accepted("q-2")]);
    const before = await traderFence(opened.store);
    const [dead] = await trade.claim("dead", 1, 60_000, before);
    expect(await trade.claim("dead", 1, 60_000, before)).toEqual([]);

    const [next] = await trade.claim("next", 1, 60_000, await nextTraderFence(opened.store));
    if (dead === undefined || next === undefined) throw new Error("nothing to claim");

    expect(next).toEqual({ ...dead, attempts: 2 });
    await expect(trade.finish(dead, "dead")).rejects.toMatchObject({ reason: "stale-claim" });
    await trade.finish(next, "next");
  });

  test("marks the account: the peak stays, a new UTC day starts anew", async () => {
    const { trade } = opened.store;
    const { revision } = await risk();
    await trade.mark("9000", MONDAY + MINUTE);
    expect((await risk()).revision).toBe(revision);

    await trade.mark("12000.25", MONDAY + MINUTE);
    await trade.mark("11000", MONDAY + 25 * 60 * MINUTE);

    expect(await trade.account()).toMatchObject({
      peakEquity: "12000.25",
      dayStartEquity: "11000",
      dayStart: MONDAY + 24 * 60 * MINUTE,
    });
    expect((await risk()).revision).toBeGreaterThan(revision);
  });
}
