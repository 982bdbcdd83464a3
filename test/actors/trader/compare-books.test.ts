import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBooks } from "../../../src/actors/trader/compare-books.ts";

const place = fc.record({
  exchange: fc.constantFrom("binance", "kraken"),
  pair: fc.constantFrom("BTC/USDT", "ETH/USDT", "SOL/USDT"),
});
const quantity = fc.integer({ min: 1, max: 1_000 }).map((n) => String(n / 1_000));
const holdings = fc.uniqueArray(
  fc.tuple(place, quantity).map(([where, held]) => ({ ...where, quantity: held })),
  { selector: ({ exchange, pair }) => `${exchange} ${pair}` },
);
const BTC = { exchange: "binance", pair: "BTC/USDT" };

describe("comparing the books with the broker", () => {
  test("finds nothing where both say the same, however the figures are written", () => {
    fc.assert(
      fc.property(holdings, (held) => {
        const theirs = held.map((one) => ({
          ...one,
          quantity: `${Number(one.quantity)}0`.replace(/^(\d+)0$/, "$1.0"),
        }));
        const found = compareBooks(
          { positions: held, working: [] },
          { holdings: theirs, openOrders: [] },
        );

        expect(found).toEqual({ positions: held.length, orders: 0, mismatches: [] });
      }),
    );
  });

  test("finds each pair that differs, and no other", () => {
    fc.assert(
      fc.property(holdings, holdings, (ours, theirs) => {
        const { mismatches } = compareBooks(
          { positions: ours, working: [] },
          { holdings: theirs, openOrders: [] },
        );
        const list = (all: typeof ours) =>
          new Set(all.map((one) => `${one.exchange} ${one.pair} ${one.quantity}`));
        const [a, b] = [list(ours), list(theirs)];
        const different = [
          ...ours.filter((o) => !b.has(`${o.exchange} ${o.pair} ${o.quantity}`)),
          ...theirs.filter((o) => !a.has(`${o.exchange} ${o.pair} ${o.quantity}`)),
        ];
        const names = (all: readonly { exchange: string; pair: string }[]) =>
          new Set(all.map(({ exchange, pair }) => `${exchange} ${pair}`));

        expect(names(mismatches)).toEqual(names(different));
        expect(mismatches).toHaveLength(names(different).size);
      }),
    );
  });

  test("says nothing of a pair with an order under way", () => {
    const working = [{ ...BTC, clientOrderId: "hub-1" }];
    const found = compareBooks(
      { positions: [], working },
      { holdings: [{ ...BTC, quantity: "1" }], openOrders: working },
    );

    expect(found).toEqual({ positions: 0, orders: 1, mismatches: [] });
  });

  test("names both figures, and an order that nobody knows", () => {
    const { mismatches } = compareBooks(
      { positions: [{ ...BTC, quantity: "0.5" }], working: [] },
      {
        holdings: [{ ...BTC, quantity: "0.2" }],
        openOrders: [{ exchange: "kraken", pair: "ETH/USD", clientOrderId: "web-7" }],
      },
    );

    expect(mismatches).toEqual([
      { ...BTC, reason: "the books hold 0.5, the broker holds 0.2" },
      {
        exchange: "kraken",
        pair: "ETH/USD",
        reason: "the broker has an open order that the books do not know: web-7",
      },
    ]);
  });
});
