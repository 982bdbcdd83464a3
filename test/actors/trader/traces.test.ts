import { describe, expect, test } from "vitest";
import { traceIdOf } from "../../../src/market/trace.ts";
import { NOON, position } from "../../kit/builders.ts";
import { request, setUp } from "./world.ts";

const series = { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" } as const;
const origin = { series, openTime: NOON - 900_000 };
const traceId = traceIdOf(origin);

describe("what a trader tells of an order", () => {
  test("names the candle that it came of, in each of its fills too", async () => {
    const { trader, trade, events } = setUp();
    trade.enqueue(request());
    trade.origins.set("hub-1", origin);

    await trader.work();

    const told = events.filter(({ kind }) => kind.startsWith("order-"));
    expect(told.map((event) => [event.kind, event.traceId])).toEqual([
      ["order-changed", traceId],
      ["order-filled", traceId],
      ["order-filled", traceId],
    ]);
  });

  test("names the candle that opened the position which a stop closes", async () => {
    const { trader, trade, events, market } = setUp();
    const held = position({ stopLoss: "29000" });
    trade.held.set(held.id, held);
    trade.origin = async () => Promise.resolve(origin);
    market.bid = "28999";

    await trader.guard();

    expect(events.find(({ kind }) => kind === "position-closed")).toMatchObject({ traceId });
  });

  test("names none for an order that came of no candle the hub knows", async () => {
    const { trader, trade, events } = setUp();
    trade.enqueue(request());

    await trader.work();

    expect(events.length).toBeGreaterThan(0);
    expect(events.filter((event) => "traceId" in event)).toEqual([]);
  });
});
