import { describe, expect, test } from "vitest";
import { checkPair } from "../../../src/actors/commander/check-pair.ts";
import { similarPairs } from "../../../src/actors/commander/similar-pairs.ts";
import { ExchangeFailure } from "../../../src/exchanges/errors.ts";
import { instrument } from "../../kit/builders.ts";
import { FakeMarket } from "../../kit/fake-market.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

function setUp() {
  const market = new FakeMarket(new ManualClock());
  market.listed.push(instrument({ pair: "BTC/EUR", active: false }));
  const reach = async (exchange: string) => (exchange === "binance" ? market : undefined);
  const check = (pair: string, exchange = "binance") => checkPair(reach, { exchange, pair });
  return { market, check };
}

describe("a pair that somebody wishes for", () => {
  test("is traded, or is not and there are others like it", async () => {
    const { check } = setUp();

    expect(await check("BTC/USDT")).toEqual({ kind: "traded" });
    expect(await check("BTC/EUR")).toEqual({ kind: "not-traded", similar: ["BTC/USDT"] });
  });

  test("is refused with the reason while its exchange will not answer until something is put right", async () => {
    const { market, check } = setUp();
    market.instruments = () => Promise.reject(new ExchangeFailure("oanda", "permanent", "no key"));

    expect(await check("BTC/USDT")).toEqual({ kind: "barred", reason: "oanda: no key" });
  });

  test("is unknown while its exchange does not answer, or when nobody knows that", async () => {
    const { market, check } = setUp();
    market.failing.add("instruments");

    expect(await check("BTC/USDT")).toMatchObject({ kind: "unknown" });
    expect(await check("BTC/USDT", "nowhere")).toMatchObject({ kind: "unknown" });
  });
});

describe("pairs like a wished one", () => {
  test("name the same base first, then one like it, then the same quote", () => {
    const listed = ["ETH/USDT", "BTC/EUR", "XRP/EUR", "WBTC/USDT", "BTCB/USDT", "BTC/USDC"];

    expect(similarPairs("BTC/USDT", listed)).toEqual([
      "BTC/EUR",
      "BTC/USDC",
      "BTCB/USDT",
      "ETH/USDT",
      "WBTC/USDT",
    ]);
  });
});
