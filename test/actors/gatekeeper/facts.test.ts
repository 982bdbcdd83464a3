import { describe, expect, test } from "vitest";
import { buy, setUp } from "./world.ts";

describe("the market's facts", () => {
  test("are asked for once for many signals, and again when they have aged", async () => {
    const { facts, market, clock } = setUp();
    const signals = [buy(0), buy(4), buy(1)];

    await facts.refresh(signals);
    await clock.advance(1_000);
    await facts.refresh(signals);
    expect([market.calls.get("quotes"), market.calls.get("orderBook")]).toEqual([1, 2]);
    expect(facts.of("binance", "BTC/USDT").quote?.ageMs).toBe(1_000);
    await clock.advance(1);
    await facts.refresh(signals);

    expect([market.calls.get("quotes"), market.calls.get("orderBook")]).toEqual([2, 4]);
    expect(market.calls.get("dayStats")).toBe(2);
    expect(facts.of("binance", "BTC/USDT").quote?.ageMs).toBe(0);
  });

  test("keep their age when they cannot be had anew, and are absent when they never were", async () => {
    const { facts, market, clock } = setUp();
    await facts.refresh([buy(0)]);
    market.failing.add("quotes");
    await clock.advance(20_000);

    await facts.refresh([buy(0), buy(1)]);

    expect(facts.of("binance", "BTC/USDT").quote?.ageMs).toBe(20_000);
    expect(facts.of("binance", "ETH/USDT").quote).toBeUndefined();
  });

  test.each([
    ["the clock was set back", -172_800_000, 2_000],
    ["the machine slept", 28_800_000, 28_802_000],
  ])("do not pass for fresh after %s", async (_, byMs, ageMs) => {
    const { facts, market, clock } = setUp();
    await facts.refresh([buy(0)]);
    await clock.advance(2_000);
    clock.step(byMs);
    expect(facts.of("binance", "BTC/USDT").quote?.ageMs).toBe(ageMs);

    await facts.refresh([buy(0)]);
    expect(market.calls.get("quotes")).toBe(2);
    expect(facts.of("binance", "BTC/USDT").quote?.ageMs).toBe(0);
  });

  test("say how far an exchange's clock is from the hub's, and how long ago that was measured", async () => {
    const { facts, market, clock } = setUp();
    market.offsetMs = -120;
    await market.measureClock();
    await clock.advance(7_000);

    expect(facts.clockSkew("binance")).toEqual({ value: -120, ageMs: 7_000 });
    expect(facts.clockSkew("oanda")).toBeUndefined();
    market.measuredAt = undefined;
    expect(facts.clockSkew("binance")).toBeUndefined();
  });
});
