import { describe, expect, test } from "vitest";
import { type HubEvent, traced } from "../../src/market/events.ts";

const series = { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" } as const;
const openTime = Date.UTC(2026, 10, 23, 14, 45);
const traceId = "binance.BTC-USDT.15m.20261123T144500Z";

describe("an event, as it is published", () => {
  test.each<HubEvent>([
    { kind: "gap-opened", series, openTime },
    { kind: "retry-pending", series, openTime, reason: "no candle" },
    {
      kind: "signal-raised",
      signalId: "s",
      series,
      openTime,
      strategy: "ema-cross",
      side: "buy",
      price: "1",
    },
  ])("$kind has the name of its candle", (event) => {
    expect(traced(event)).toEqual({ ...event, traceId });
  });

  test.each<HubEvent>([
    { kind: "watchlist-changed" },
    { kind: "series-added", series },
    { kind: "store-changed", state: "ok", reason: "" },
  ])("$kind is about no candle and stays as it is", (event) => {
    expect(traced(event)).toBe(event);
  });

  test("keeps the name that it has", () => {
    const event = { kind: "portfolio-saved", portfolio: "default", traceId } as const;
    expect(traced(event)).toEqual(event);
  });
});
