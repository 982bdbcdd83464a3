import { expect, test } from "vitest";
import type { OrderRequest } from "../../../src/market/order.ts";
import type { Store } from "../../../src/store/port.ts";
import type { Decision } from "../../../src/store/trade-port.ts";
import {
  accepted,
  candleRow,
  decideNow,
  fill,
  filledStep,
  MINUTE,
  MONDAY,
  refused,
  request,
  signal,
  traderFence,
} from "../builders.ts";

const SERIES = { exchange: "binance", pair: "TRACE/USDT", timeframe: "1m" } as const;
const { pair } = SERIES;

/** A decision about a candle of the series, so many minutes after the first. */
function about(decision: Decision, minute: number): Decision {
  const openTime = MONDAY + minute * MINUTE;
  const times = { openTime, closeTime: openTime + MINUTE };
  return { ...decision, signal: { ...decision.signal, series: SERIES, ...times } };
}

export function tracePromises(opened: { readonly store: Store }): void {
  const first = { series: SERIES, openTime: MONDAY };
  const second = { series: SERIES, openTime: MONDAY + MINUTE };

  test("a candle that the hub never heard of has no story", async () => {
    const { trade, traces } = opened.store;

    expect(await traces.story(first)).toEqual({
      candle: null,
      gap: null,
      signals: [],
      queue: [],
      orders: [],
      fills: [],
      positions: [],
    });
    expect(await trade.origin("nobody")).toBeUndefined();
  });

  test("the story of a candle holds what came of it, and nothing of its neighbours", async () => {
    const { store } = opened;
    const { series } = await store.watch.add("default", SERIES, "test", MONDAY);
    await store.candles.ensurePartitions("1m", MONDAY, MONDAY);
    await store.candles.upsert("1m", [candleRow(series.id, 0), candleRow(series.id, 1)]);
    const late = { seriesId: series.id, openTime: MONDAY + 2 * MINUTE, attempts: 3 } as const;
    await store.gaps.note([{ ...late, state: "missing", reason: "no candle", at: MONDAY }]);
    await decideNow(store, [
      about(accepted("y-1", { pair }), 0),
      about(refused("y-2"), 0),
      about(accepted("y-3", { pair, side: "sell" }), 1),
    ]);

    const story = await store.traces.story(first);

    expect(story.candle).toMatchObject({ source: "poll", attempt: 1, revision: 1 });
    expect(story.candle?.fetchedAt).toBe(MONDAY + 65_123);
    expect(story.signals.map((row) => row.signal.id).toSorted()).toEqual(["y-1", "y-2"]);
    expect(story.queue).toMatchObject([{ signalId: "y-1", status: "pending" }]);
    const { gap, orders, fills, positions } = story;
    expect({ gap, orders, fills, positions }).toEqual({
      gap: null,
      orders: [],
      fills: [],
      positions: [],
    });
    const absent = await store.traces.story({ series: SERIES, openTime: late.openTime });
    expect(absent).toMatchObject({ candle: null, gap: { state: "missing", attempts: 3 } });
  });

  test("a signal, and its order before it is placed, lead to their candle", async () => {
    const { trade } = opened.store;

    expect(await trade.origin("y-2")).toEqual(first);
    expect(await trade.origin("o-y-1")).toEqual(first);
    expect(await trade.origin("y-3")).toEqual(second);
  });

  test("a stop belongs to the candle whose signal opened the position", async () => {
    const { store } = opened;
    const { trade, traces } = store;
    const fence = await traderFence(store);
    const buy = request("y-1", { pair });
    const { signalId: _none, ...unasked } = request("y-stop", { pair, side: "sell" });
    const stop: OrderRequest = { ...unasked, origin: "stop-loss" };
    await trade.createOrder(buy, MONDAY + MINUTE, fence);
    const opening = filledStep(buy, fill(buy, "yf-1"), undefined, "-50.35");
    await trade.settle(opening);
    const filledAt = MONDAY + 9 * MINUTE;
    await trade.createOrder(stop, filledAt - 5, fence);
    const sale = fill(stop, "yf-2", { filledAt });
    await trade.settle(filledStep(stop, sale, opening.position, "50.25"));

    const story = await traces.story(first);

    expect(await trade.origin("o-y-stop")).toEqual(first);
    expect(story.orders).toMatchObject([
      { clientOrderId: "o-y-1", origin: "signal" },
      { clientOrderId: "o-y-stop", origin: "stop-loss" },
    ]);
    expect(story.fills).toEqual([...opening.fills, sale]);
    expect(story.positions).toMatchObject([{ id: "o-y-1", closedAt: filledAt }]);
  });

  test("the next position's stop is no part of an earlier story, nor is a sale by signal", async () => {
    const { store } = opened;
    const { trade, traces } = store;
    const fence = await traderFence(store);
    const at = MONDAY + 20 * MINUTE;
    await decideNow(store, [about(accepted("y-4", { pair }), 15)]);
    const buy = request("y-4", { pair });
    await trade.createOrder(buy, at, fence);
    const opening = filledStep(buy, fill(buy, "yf-3", { filledAt: at }), undefined, "-50.35");
    await trade.settle(opening);
    const sell = request("y-3", { pair, side: "sell" });
    await trade.createOrder(sell, at + 10, fence);
    const sale = fill(sell, "yf-4", { filledAt: at + 20 });
    await trade.settle(filledStep(sell, sale, opening.position, "50.25"));

    const [early, sold] = await Promise.all([traces.story(first), traces.story(second)]);

    expect(early.orders.map((order) => order.clientOrderId)).toEqual(["o-y-1", "o-y-stop"]);
    expect(sold.orders.map((order) => order.clientOrderId)).toEqual(["o-y-3"]);
    expect(sold.positions).toMatchObject([{ id: "o-y-4", closedAt: at + 20 }]);
    expect(sold.signals).toMatchObject([
      {
        signal: signal("y-3", {
          series: SERIES,
          side: "sell",
          openTime: second.openTime,
          closeTime: second.openTime + MINUTE,
        }),
      },
    ]);
  });
}
