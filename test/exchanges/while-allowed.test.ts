import { describe, expect, test } from "vitest";
import { whileAllowed } from "../../src/exchanges/while-allowed.ts";
import { FakeMarket } from "../kit/fake-market.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const request = { pair: "BTC/USDT", timeframe: "1m", limit: 3 } as const;

function setUp() {
  const market = new FakeMarket(new ManualClock());
  const right = { isHeld: true };
  return { market, right, guarded: whileAllowed(market, () => right.isHeld) };
}

describe("market data that may be polled only at times", () => {
  test("is as it always is while that is allowed", async () => {
    const { market, guarded } = setUp();

    expect(await guarded.candles(request)).toEqual(await market.candles(request));
    expect(guarded.exchange).toBe(market.exchange);
    expect(guarded.maxCandles).toBe(market.maxCandles);
  });

  test("gives no candles when it is not, as if the exchange did not answer, and asks for none", async () => {
    const { market, right, guarded } = setUp();
    right.isHeld = false;

    await expect(guarded.candles(request)).rejects.toMatchObject({ fault: "transient" });
    expect(market.requests).toEqual([]);
  });

  test("answers everything else whoever polls", async () => {
    const { right, guarded } = setUp();
    right.isHeld = false;

    expect(await guarded.instruments()).toHaveLength(1);
    expect(await guarded.quotes(["BTC/USDT"])).toHaveLength(1);
    expect(await guarded.orderBook("BTC/USDT", 5)).toMatchObject({ pair: "BTC/USDT" });
    expect(await guarded.dayStats("BTC/USDT")).toMatchObject({ pair: "BTC/USDT" });
    expect([await guarded.measureClock(), guarded.budgetLeft()]).toEqual([0, 1]);
    expect(guarded.exchangeNowMs()).toBeGreaterThan(0);
    await guarded.close();
  });
});
