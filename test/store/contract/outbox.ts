import { expect, test, vi } from "vitest";
import type { GapState } from "../../../src/store/gap-fate.ts";
import type { OutboxEvent } from "../../../src/store/outbox-port.ts";
import type { Store } from "../../../src/store/port.ts";
import { EVERYTHING, haltOrder } from "../../kit/halts.ts";
import {
  accepted,
  decideNow,
  fill,
  filledStep,
  MINUTE,
  MONDAY,
  refused,
  traderFence,
} from "../builders.ts";

/** Somebody else's transaction, such as the server's own housekeeping, may hold readers up a moment. */
const PATIENCE_MS = 10_000;

/** Every event that is meant, in order, once there are as many as are awaited. */
async function told(
  store: Store,
  isMeant: (event: OutboxEvent) => boolean,
  count: number,
): Promise<readonly OutboxEvent[]> {
  let found: readonly OutboxEvent[] = [];
  const read = async () => {
    found = (await everything(store)).filter(isMeant);
    return found.length >= count;
  };
  await vi.waitUntil(read, { timeout: PATIENCE_MS });
  return found;
}

async function everything(store: Store, pageSize = 1_000): Promise<OutboxEvent[]> {
  const events: OutboxEvent[] = [];
  for (;;) {
    const page = await store.outbox.after(events.at(-1)?.id ?? 0, pageSize);
    events.push(...page);
    if (page.length < pageSize) return events;
  }
}

const about =
  (...subjects: string[]) =>
  ({ subject }: OutboxEvent) =>
    subjects.includes(subject);

const kinds = (events: readonly OutboxEvent[]) => events.map(({ kind }) => kind);

export function outboxPromises(opened: { readonly store: Store }): void {
  test("tells each verdict with what it is about", async () => {
    await decideNow(opened.store, [accepted("ob-1"), refused("ob-2")]);
    await decideNow(opened.store, [accepted("ob-1")]);

    const events = await told(opened.store, about("ob-1", "ob-2"), 2);

    const fact = {
      series: { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" },
      strategy: "ema-cross",
      side: "buy",
    };
    const at = MONDAY + MINUTE + 5_200;
    expect(events.toSorted((a, b) => a.subject.localeCompare(b.subject))).toEqual([
      {
        id: expect.any(Number) as number,
        at,
        kind: "verdict-given",
        subject: "ob-1",
        payload: { ...fact, signalId: "ob-1", decision: "accepted", reasons: [] },
      },
      {
        id: expect.any(Number) as number,
        at,
        kind: "verdict-given",
        subject: "ob-2",
        payload: { ...fact, signalId: "ob-2", decision: "refused", reasons: ["spread"] },
      },
    ]);
  });

  test("tells nothing of what was refused whole", async () => {
    const { trade } = opened.store;
    await decideNow(opened.store, [refused("ob-before")]);
    const { revision } = await trade.riskState(MONDAY);

    const late = trade.decide([accepted("ob-late")], revision - 1);

    await expect(late).rejects.toMatchObject({ reason: "stale-revision" });
    await decideNow(opened.store, [refused("ob-after")]);
    const events = await told(opened.store, about("ob-before", "ob-late", "ob-after"), 2);
    expect(events.map(({ subject }) => subject)).toEqual(["ob-before", "ob-after"]);
  });

  test("follows an order and its position to their end, each step once", async () => {
    const { trade } = opened.store;
    const pair = "OUT/USDT";
    const { order: buy } = accepted("ob-3", { pair });
    const { order: sell } = accepted("ob-4", { pair, side: "sell" });
    if (buy === undefined || sell === undefined) throw new Error("accepted means an order");
    await decideNow(opened.store, [accepted("ob-3", { pair }), accepted("ob-4", sell)]);
    const fence = await traderFence(opened.store);
    await trade.createOrder(buy, MONDAY, fence);
    await trade.createOrder(sell, MONDAY, fence);
    const opening = filledStep(buy, fill(buy, "ob-f1"), undefined, "-50.35");
    const closing = filledStep(sell, fill(sell, "ob-f2", { price: "110" }), opening.position, "54");

    for (const step of [opening, opening, closing, closing]) await trade.settle(step);

    const events = await told(opened.store, about("o-ob-3", "o-ob-4"), 7);
    const changes = events.map(({ kind, subject, payload }) => [kind, subject, payload["state"]]);
    expect(changes).toEqual([
      ["order-changed", "o-ob-3", "created"],
      ["order-changed", "o-ob-4", "created"],
      ["order-filled", "o-ob-3", undefined],
      ["order-changed", "o-ob-3", "filled"],
      ["order-filled", "o-ob-4", undefined],
      ["position-closed", "o-ob-3", undefined],
      ["order-changed", "o-ob-4", "filled"],
    ]);
    expect(events[4]?.payload).toEqual({
      clientOrderId: "o-ob-4",
      exchange: "binance",
      pair,
      side: "sell",
      quantity: "0.5",
      price: "110",
      fee: "0.05",
    });
    expect(events[5]?.payload).toEqual({ exchange: "binance", pair, pnl: "4.6" });
    expect(events.slice(2).every(({ at }) => at === MONDAY + MINUTE + 6_000)).toBe(true);
  });

  test("says why an order ended", async () => {
    const { trade } = opened.store;
    const { order } = accepted("ob-5", { pair: "WHY/USDT" });
    if (order === undefined) throw new Error("accepted means an order");
    await decideNow(opened.store, [accepted("ob-5", order)]);
    await trade.createOrder(order, MONDAY, await traderFence(opened.store));
    const ended = { createdAt: MONDAY, state: "rejected", reason: "lot", endedAt: MONDAY } as const;

    await trade.settle({ order: { ...order, ...ended }, fills: [], cashDelta: "0", release: true });

    const [, last] = await told(opened.store, about("o-ob-5"), 2);
    expect(last?.payload).toMatchObject({ state: "rejected", reason: "lot" });
  });

  test("follows a gap, a series and a halt", async () => {
    const { gaps, watch, trade } = opened.store;
    const series = { exchange: "binance", pair: "HOLE/USDT", timeframe: "4h" } as const;
    const { id: seriesId } = (await watch.add("ob-list", series, "ann", MONDAY)).series;
    const note = (openTime: number, state: GapState, at: number) =>
      gaps.note([{ seriesId, openTime, state, reason: "no row", attempts: 1, at }]);
    const hours = 240 * MINUTE;
    const noticed = MONDAY + hours + 5_000;
    for (const state of ["pending", "pending", "missing", "healed", "missing"] as const) {
      await note(MONDAY, state, state === "healed" ? MONDAY + 3 * hours : noticed);
    }
    await note(MONDAY + hours, "empty", noticed);
    await trade.halt(haltOrder({ by: "ob-ann" }), MONDAY);
    await trade.halt(haltOrder({ by: "ob-bob", reason: "late" }), MONDAY);
    await trade.resume(EVERYTHING, "ob-ann", MONDAY + 1);
    await trade.resume(EVERYTHING, "ob-bob", MONDAY + 2);
    await watch.remove(series, "bob", MONDAY + 9);

    const events = await told(opened.store, about("binance:HOLE/USDT:4h"), 6);
    const isOurs = ({ payload }: OutboxEvent) => String(payload["by"]).startsWith("ob-");
    const halts = await told(opened.store, isOurs, 2);

    const gap = { series, openTime: MONDAY };
    const { by: _by, reason: _reason, ...what } = haltOrder();
    expect(events.map(({ at, kind, payload }) => ({ at, kind, ...payload }))).toEqual([
      { at: MONDAY, kind: "series-added", series, portfolio: "ob-list", by: "ann" },
      { at: noticed, kind: "retry-pending", ...gap, reason: "no row" },
      // Given up when the next candle closed.
      { at: MONDAY + 2 * hours, kind: "gap-opened", ...gap },
      { at: MONDAY + 3 * hours, kind: "gap-healed", ...gap },
      { at: noticed, kind: "gap-confirmed-empty", series, openTime: MONDAY + hours },
      { at: MONDAY + 9, kind: "series-removed", series, portfolio: "ob-list", by: "bob" },
    ]);
    expect(halts.map(({ at, kind, payload }) => ({ at, kind, ...payload }))).toEqual([
      { at: MONDAY, kind: "trading-halted", ...haltOrder({ by: "ob-ann" }) },
      { at: MONDAY + 1, kind: "trading-resumed", by: "ob-ann", ...what },
    ]);
  });

  test("takes facts that no table holds, each once by its key, credentials left out", async () => {
    const { outbox } = opened.store;
    const fact = (key: string, payload = {}) => ({
      key,
      at: MONDAY,
      kind: "actor-parked",
      subject: "ob-actor",
      payload,
    });
    const secrets = {
      reason: "cannot reach postgresql://keeper:s3cret@db/hub now",
      apiKey: "s3cret",
      nested: { tokens: ["s3cret", 5] },
      actor: "harvester",
    };

    const added = [
      await outbox.add([fact("ob-k1", secrets), fact("ob-k2")]),
      await outbox.add([fact("ob-k2"), fact("ob-k3"), fact("ob-k3")]),
      await outbox.add([]),
    ];

    expect(added).toEqual([2, 1, 0]);
    const events = await told(opened.store, about("ob-actor"), 3);
    expect(kinds(events)).toEqual(["actor-parked", "actor-parked", "actor-parked"]);
    expect(events[0]?.payload).toEqual({
      reason: "cannot reach postgresql://keeper:<redacted>@db/hub now",
      apiKey: "<redacted>",
      nested: { tokens: ["<redacted>", 5] },
      actor: "harvester",
    });
  });

  test("is read in pages of any size, and refuses a place that is not kept", async () => {
    await told(opened.store, about("ob-actor"), 3);

    const whole = await everything(opened.store);

    expect(whole.length).toBeGreaterThan(10);
    expect(await everything(opened.store, 3)).toEqual(whole);
    const gone = opened.store.outbox.after(1e12, 5);
    await expect(gone).rejects.toMatchObject({ fault: "refused", reason: "event-gone" });
  });
}
