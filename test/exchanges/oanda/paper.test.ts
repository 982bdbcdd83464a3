import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPaperBroker } from "../../../src/exchanges/paper/broker.ts";
import type { Broker, OrderOutcome } from "../../../src/exchanges/port.ts";
import { decimal } from "../../../src/market/decimal.ts";
import { request } from "../../actors/trader/world.ts";
import { paperLedgerInMemory } from "../../kit/paper-ledger.ts";
import { type OandaWorld, openWorld, WEDNESDAY } from "./world.ts";

let world: OandaWorld;
let broker: Broker;
beforeEach(async () => {
  world = await openWorld();
  broker = createPaperBroker({
    id: "paper",
    marketData: async () => world.market,
    instruments: () => undefined,
    clock: world.clock,
    random: () => 0,
    latencyMs: 0,
    ledger: paperLedgerInMemory(),
  });
});
afterEach(() => world.close());

function place(quantity: string, side: "buy" | "sell" = "buy"): Promise<OrderOutcome> {
  const order = { exchange: "oanda", pair: "EUR/USD", side, quantity, referencePrice: "1.1" };
  return broker.place(request({ ...order, clientOrderId: `${side}-${quantity}` }));
}

describe("paper orders at OANDA", () => {
  test("are filled at the prices it offers, best first, for its spread and no other fee", async () => {
    const { asks } = await world.market.orderBook("EUR/USD", 5);

    const outcome = await place("2500000");

    expect(outcome).toMatchObject({
      kind: "accepted",
      state: "filled",
      fills: [
        { quantity: "1000000", price: asks[0]?.price, fee: "0", feeCurrency: "USD" },
        { quantity: "1500000", price: asks[1]?.price, fee: "0" },
      ],
    });
    expect(decimal(asks[0]?.price ?? "0").lt(decimal(asks[1]?.price ?? "0"))).toBe(true);
  });

  test.each([
    ["0.5", "below-min-quantity"],
    ["1000.5", "off-step"],
    ["100000001", "above-max-quantity"],
  ])("of %s units are refused by its own rules", async (quantity, reason) => {
    expect(await place(quantity)).toEqual({ kind: "rejected", reason });
  });

  test("find nobody to trade with while it rests", async () => {
    world.venue.quiet.push([WEDNESDAY - 1, WEDNESDAY + 60_000]);

    expect(await place("1000", "sell")).toMatchObject({
      kind: "accepted",
      state: "cancelled",
      fills: [],
    });
  });
});
