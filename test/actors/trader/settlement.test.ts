import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exitDue, exitOrder, waitAfterRefusalMs } from "../../../src/actors/trader/exits.ts";
import { settlementOf } from "../../../src/actors/trader/settlement.ts";
import type { OrderOutcome } from "../../../src/exchanges/port.ts";
import { decimal, text, ZERO } from "../../../src/market/decimal.ts";
import { instrument, NOON, position } from "../../kit/builders.ts";
import { fillOf, request } from "./world.ts";

const NONE: ReadonlySet<string> = new Set();
const accepted = (
  fills: Extract<OrderOutcome, { kind: "accepted" }>["fills"],
  state: "open" | "filled" | "cancelled" = "filled",
): OrderOutcome => ({ kind: "accepted", state, fills });
const order = request({ stopLoss: "29000" });

describe("the settlement of an order", () => {
  test("of a filled buy opens a position, takes the cash and frees what was set aside", () => {
    const fills = [fillOf(order, { id: "a", quantity: "0.06", price: "30000", fee: "1.8" })];
    fills.push(fillOf(order, { id: "b", quantity: "0.04", price: "30010", fee: "1.2" }));

    const change = settlementOf(order, 5, accepted(fills), NONE, undefined, 9);

    expect(change).toMatchObject({
      order: { state: "filled", filled: "0.1", averagePrice: "30004", createdAt: 5, endedAt: 9 },
      position: { id: "hub-1", quantity: "0.1", cost: "3003.4", stopLoss: "29000" },
      cashDelta: "-3003.4",
      release: true,
    });
  });

  test("of a partial fill keeps what came and says why the rest did not", () => {
    const outcome = {
      ...accepted([fillOf(order, { quantity: "0.04" })], "cancelled"),
      reason: "thin",
    };

    const change = settlementOf(order, 5, outcome, NONE, undefined, 9);

    expect(change.order).toMatchObject({ state: "cancelled", filled: "0.04", reason: "thin" });
    expect(change).toMatchObject({ position: { quantity: "0.04" }, release: true });
  });

  test("of an order the venue still works on keeps the money set aside", () => {
    const change = settlementOf(order, 5, accepted([], "open"), NONE, undefined, 9);

    expect(change).toMatchObject({ order: { state: "open", filled: "0" }, release: false });
    expect(change.position).toBeUndefined();
  });

  test("of a rejection moves nothing and frees the money", () => {
    const change = settlementOf(order, 5, { kind: "rejected", reason: "lot" }, NONE, undefined, 9);

    expect(change).toMatchObject({ fills: [], cashDelta: "0", release: true });
    expect(change.order).toMatchObject({ state: "rejected", reason: "lot", endedAt: 9 });
  });

  test("of an unknown outcome moves nothing and frees nothing", () => {
    const change = settlementOf(order, 5, { kind: "unknown", reason: "cut" }, NONE, undefined, 9);

    expect(change).toMatchObject({ fills: [], cashDelta: "0", release: false });
    expect(change.order).toMatchObject({ state: "unknown", sentAt: 9 });
  });

  test("of a sell closes the position it empties, and a fee in another coin costs no cash", () => {
    const sell = request({ side: "sell", quantity: "0.05" });
    const filled = fillOf(sell, {
      quantity: "0.05",
      price: "31000",
      fee: "0.001",
      feeCurrency: "BNB",
    });

    const change = settlementOf(sell, 5, accepted([filled]), NONE, position(), 9);

    expect(change.position).toMatchObject({ quantity: "0", closedAt: NOON });
    expect(change.cashDelta).toBe("1550");
  });

  test("moves exactly the cash of its fills, however they are cut, and nothing when told again", () => {
    const amount = fc.integer({ min: 1, max: 10 ** 9 }).map((n) => text(decimal(n).div(10 ** 8)));
    const some = fc.array(fc.record({ quantity: amount, price: amount, fee: amount }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(some, fc.nat(), (parts, cut) => {
        const fills = parts.map((part, i) => fillOf(order, { id: String(i), ...part }));
        const early = fills.slice(0, cut % fills.length);
        const first = settlementOf(order, 5, accepted(early, "open"), NONE, undefined, 9);
        const known = new Set(early.map((one) => one.id));
        const rest = settlementOf(order, 5, accepted(fills), known, first.position, 9);
        const all = new Set(fills.map((one) => one.id));
        const again = settlementOf(order, 5, accepted(fills), all, rest.position, 9);

        const paid = fills.reduce(
          (sum, f) => sum.plus(decimal(f.quantity).times(decimal(f.price))).plus(decimal(f.fee)),
          ZERO,
        );
        const moved = decimal(first.cashDelta).plus(decimal(rest.cashDelta));
        expect(text(moved)).toBe(text(ZERO.minus(paid)));
        expect(rest.position?.cost).toBe(text(paid));
        expect([again.fills, again.position]).toEqual([[], undefined]);
        expect(decimal(again.cashDelta).isZero()).toBe(true);
      }),
    );
  });
});

describe("an exit", () => {
  const held = position({ stopLoss: "29000", takeProfit: "31000" });
  const quote = (bid: string) => ({ pair: "BTC/USDT", bid, ask: "99999", at: 0 });

  test.each([
    ["29000.01", undefined],
    ["29000", "stop-loss"],
    ["1", "stop-loss"],
    ["30999.99", undefined],
    ["31000", "take-profit"],
  ])("at a bid of %s is due as %s", (bid, due) => {
    expect(exitDue(held, quote(bid))).toBe(due);
  });

  test("is a stop where stop and target are both fulfilled, and none without either", () => {
    const both = position({ stopLoss: "30000", takeProfit: "30000" });
    const { stopLoss: _, ...neither } = position();

    expect(exitDue(both, quote("30000"))).toBe("stop-loss");
    expect(exitDue(neither, quote("1"))).toBeUndefined();
  });

  test("sells all that is held on the venue's step, at the bid", () => {
    const dusty = position({ quantity: "0.050009" });

    expect(exitOrder(dusty, "stop-loss", instrument(), quote("28000"), 0)).toMatchObject({
      side: "sell",
      origin: "stop-loss",
      quantity: "0.05",
      referencePrice: "28000",
      clientOrderId: expect.stringMatching(/^hub-[0-9a-f]{28}$/) as string,
    });
    const dust = position({ quantity: "0.000009" });
    expect(exitOrder(dust, "stop-loss", instrument(), quote("28000"), 0)).toBeUndefined();
  });

  test("asks for nothing that the venue would refuse: too little, or too little worth", () => {
    const venue = instrument({ minQuantity: "0.001", minNotional: "10" });
    const at = (quantity: string, bid: string) =>
      exitOrder(position({ quantity }), "stop-loss", venue, quote(bid), 0)?.quantity;

    expect(at("0.0009", "28000")).toBeUndefined();
    expect(at("0.001", "9999")).toBeUndefined();
    expect(at("0.001", "10000")).toBe("0.001");
  });

  test("of more than the venue takes at once is sold in parts", () => {
    const venue = instrument({ maxQuantity: "2.000005" });
    const part = (quantity: string) =>
      exitOrder(position({ quantity }), "take-profit", venue, quote("28000"), 0);

    expect([part("5")?.quantity, part("3")?.quantity, part("1")?.quantity]).toEqual([
      "2",
      "2",
      "1",
    ]);
    expect(part("5")?.clientOrderId).not.toBe(part("3")?.clientOrderId);
  });

  test("has one id for one exit, and another for a rest, another trigger or another attempt", () => {
    const id = (over: Partial<typeof held>, origin: "stop-loss" | "take-profit", attempt: number) =>
      exitOrder({ ...held, ...over }, origin, instrument(), quote("28000"), attempt)?.clientOrderId;

    expect(id({}, "stop-loss", 0)).toBe(id({}, "stop-loss", 0));
    const ids = [id({}, "stop-loss", 0), id({}, "stop-loss", 1), id({}, "take-profit", 0)];
    ids.push(id({ quantity: "0.02" }, "stop-loss", 0), id({ id: "other" }, "stop-loss", 0));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("is tried again after 1, 2, 4 … 60 seconds", () => {
    expect([0, 1, 2, 5, 6, 5_000].map(waitAfterRefusalMs)).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
    ]);
  });
});
