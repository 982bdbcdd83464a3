import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import type { Forgettable } from "../../../src/store/upkeep-port.ts";
import {
  accepted,
  candleRow,
  decideNow,
  fill,
  filledStep,
  MINUTE,
  refused,
  signal,
  traderFence,
} from "../builders.ts";
import { untilDone } from "../steps.ts";

const HOUR = 60 * MINUTE;
/** Long after everything that the other promises write. */
const MAY = Date.UTC(2030, 4, 1);
const JULY = Date.UTC(2030, 6, 1);

export function forgettingPromises(opened: { readonly store: Store }): void {
  const forget = (what: Forgettable, beforeMs: number) =>
    untilDone(() => opened.store.upkeep.forget(what, beforeMs));
  const signalIds = async () =>
    (await opened.store.trade.signals({ limit: 1_000 })).map((row) => row.signal.id);

  test("keeps open gaps as long as their candles, and healed ones as long as it is told", async () => {
    const { gaps } = opened.store;
    const key = { exchange: "binance", pair: "GAPS/USDT", timeframe: "1h" } as const;
    const { series } = await opened.store.watch.add("retention", key, "test", MAY);
    const note = (openTime: number, state: "missing" | "empty" | "healed") =>
      gaps.note([{ seriesId: series.id, openTime, state, reason: "", attempts: 1, at: openTime }]);
    const left = async () =>
      (await gaps.list({ series, limit: 100 }))
        .map((gap) => (gap.openTime - MAY) / HOUR)
        .toReversed();
    for (const n of [0, 1, 2]) await note(MAY + n * HOUR, "missing");
    await note(MAY + 3 * HOUR, "empty");
    await note(MAY + 2 * HOUR, "healed");
    await opened.store.candles.upsert("1h", [
      candleRow(series.id, 0, { openTime: MAY + 5 * HOUR }),
    ]);

    await forget("gaps", MAY + 2 * HOUR);
    const early = await left();
    await forget("gaps", MAY + 3 * HOUR);
    const healedGone = await left();
    const age = { timeframe: "1h", keepMs: 3 * HOUR, nowMs: MAY + 4 * HOUR } as const;
    await untilDone(() => opened.store.upkeep.trim(age));

    expect(early).toEqual([0, 1, 2, 3]);
    expect(healedGone).toEqual([0, 1, 3]);
    expect(await left()).toEqual([1, 3]);
  });

  test("keeps the signals of orders and of what is queued, held pairs and open orders among them", async () => {
    const { trade } = opened.store;
    const raisedAt = MAY;
    const old = (id: string) => ({ ...refused(id), signal: signal(id, { raisedAt }) });
    const order = (id: string) => ({ ...accepted(id), signal: signal(id, { raisedAt }) });
    await decideNow(opened.store, [
      old("ret-refused"),
      { ...refused("ret-young"), signal: signal("ret-young", { raisedAt: JULY }) },
    ]);
    await decideNow(opened.store, [
      order("ret-held"),
      order("ret-open"),
      order("ret-waiting"),
      order("ret-dropped"),
    ]);
    const fence = await traderFence(opened.store);
    const items = await trade.claim("retention", 100, 60_000, fence);
    for (const item of items) {
      const isOrdered = ["ret-held", "ret-open"].includes(item.signalId);
      if (isOrdered) await trade.createOrder(item.order, MAY, fence);
      if (item.signalId !== "ret-waiting") await trade.finish(item, "retention");
      if (item.signalId === "ret-held") {
        await trade.settle(filledStep(item.order, fill(item.order, "f1"), undefined, "-50.35"));
      }
    }

    await forget("verdicts", MAY + 1);
    const whileQueued = await signalIds();
    await forget("queue", JULY);
    await forget("verdicts", MAY + 1);

    expect(whileQueued).not.toContain("ret-refused");
    expect(whileQueued).toContain("ret-dropped");
    const left = await signalIds();
    expect(left).toEqual(
      expect.arrayContaining(["ret-young", "ret-held", "ret-open", "ret-waiting"]),
    );
    expect(left).not.toContain("ret-dropped");
    expect((await trade.queue(100)).map((item) => item.signalId)).toContain("ret-waiting");
  });

  test("forgets signs of life that are older than told", async () => {
    await forget("pings", MAY);
    await opened.store.pulse.ping("gone", "healthy", MAY);

    expect(await forget("pings", MAY)).toBe(0);
    expect(await forget("pings", MAY + 1)).toBe(1);
  });

  test.each(["gaps", "queue", "verdicts", "events", "prices", "pings"] as const)(
    "finds nothing of %s that is older than time itself",
    async (what) => {
      expect(await forget(what, 0)).toBe(0);
    },
  );
}
