import { describe, expect, test } from "vitest";
import type { HaltMode, HaltScope } from "../../../src/market/halt.ts";
import { position } from "../../kit/builders.ts";
import { halt } from "../../kit/halts.ts";
import { request, setUp } from "./world.ts";

const HERE: readonly HaltScope[] = [
  { kind: "global" },
  { kind: "exchange", exchange: "binance" },
  { kind: "pair", exchange: "binance", pair: "BTC/USDT" },
  { kind: "strategy", strategy: "ema-cross" },
  { kind: "portfolio", portfolio: "main" },
];
const BTC: HaltScope = { kind: "pair", exchange: "binance", pair: "BTC/USDT" };
const ELSEWHERE: readonly HaltScope[] = [
  { kind: "exchange", exchange: "kraken" },
  { kind: "pair", exchange: "binance", pair: "ETH/USDT" },
  { kind: "pair", exchange: "kraken", pair: "BTC/USDT" },
  { kind: "strategy", strategy: "momentum" },
  { kind: "portfolio", portfolio: "other" },
];
const held = position({ stopLoss: "29000", portfolio: "main", strategy: "ema-cross" });
const bought = request({ clientOrderId: "hub-7" });
const sold = request({ clientOrderId: "hub-8", side: "sell", quantity: "0.05" });

/** What the last gate lets through of a buy and a sale, with or without something held. */
async function passed(mode: HaltMode, scope: HaltScope, isHolding: boolean) {
  const { trader, trade, broker, state } = setUp();
  if (isHolding) trade.held.set(held.id, held);
  trade.enqueue(bought);
  if (isHolding) trade.enqueue(sold);
  trade.stops = [halt({ mode, scope })];
  await trader.work();
  const sides = broker.placed.map(({ side }) => side).join(" ");
  return [sides, state("hub-7")];
}

describe("the last gate", () => {
  describe.each(HERE)("behind a halt of $kind", (scope) => {
    test.each([
      ["no-entries", "", "rejected", "buy sell", "filled"],
      ["reduce-only", "", "rejected", "sell", "rejected"],
      ["flatten", "", "rejected", "sell", "rejected"],
      ["quarantine", "", "rejected", "", "rejected"],
    ] as const)("%s lets through what it should", async (mode, flat, opened, held_, added) => {
      expect(await passed(mode, scope, false)).toEqual([flat, opened]);
      expect(await passed(mode, scope, true)).toEqual([held_, added]);
    });
  });

  test.each(ELSEWHERE)("lets orders pass that a halt of $kind is not about", async (scope) => {
    expect(await passed("quarantine", scope, true)).toEqual(["buy sell", "filled"]);
  });

  test("says of an order that it stopped who halted what, and why", async () => {
    const { trader, trade } = setUp();
    trade.enqueue(bought);
    trade.stops = [halt({ scope: { kind: "exchange", exchange: "binance" } })];

    await trader.work();

    expect(trade.ordersById.get("hub-7")).toMatchObject({
      reason: "trading is halted: exchange:binance (reduce-only) by ann: storm",
    });
  });
});

describe("a halt that flattens", () => {
  test.each(HERE)("sells what it is about at once, and once: $kind", async (scope) => {
    const { trader, trade, broker } = setUp();
    trade.held.set(held.id, held);
    trade.stops = [halt({ mode: "flatten", scope })];

    await trader.guard();
    await trader.guard();

    expect(broker.placed).toMatchObject([{ side: "sell", origin: "flatten", quantity: "0.05" }]);
    expect(trade.held.get(held.id)).toMatchObject({ quantity: "0" });
  });

  test.each(ELSEWHERE)("leaves alone what it is not about: $kind", async (scope) => {
    const { trader, trade, broker } = setUp();
    trade.held.set(held.id, held);
    trade.stops = [halt({ mode: "flatten", scope })];

    await trader.guard();

    expect(broker.placed).toEqual([]);
  });
});

describe("a quarantine", () => {
  test("sells nothing by a stop either, until it is lifted", async () => {
    const { trader, trade, broker, market } = setUp();
    trade.held.set(held.id, held);
    market.bid = "28000";
    trade.stops = [halt({ mode: "quarantine", cause: "reconciliation", scope: BTC })];

    await trader.guard();
    expect(broker.placed).toEqual([]);
    trade.stops = [];
    await trader.guard();

    expect(broker.placed).toMatchObject([{ origin: "stop-loss" }]);
  });
});
