import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal, text, ZERO } from "../../src/market/decimal.ts";
import type { Fill } from "../../src/market/order.ts";
import { markToMarket } from "../../src/market/portfolio.ts";
import {
  applyFill,
  averageCost,
  openPnl,
  type Position,
  realizedPnl,
} from "../../src/market/position.ts";
import { account, fill, NOON, position } from "../kit/builders.ts";

const origin = { id: "hub-1", portfolio: "main", strategy: "ema-cross", stopLoss: "29000" };

/** Hundred-thousandths of the base asset, cents of price, cents of fee. */
interface Trade {
  readonly side: "buy" | "sell";
  readonly size: number;
  readonly cents: number;
  readonly fee: number;
}
const trades = fc.array(
  fc.record<Trade>({
    side: fc.constantFrom("buy", "buy", "sell"),
    size: fc.integer({ min: 1, max: 1_000_000 }),
    cents: fc.integer({ min: 1, max: 10_000_000 }),
    fee: fc.integer({ min: 0, max: 500 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const toFill = ({ side, size, cents, fee }: Trade, i: number): Fill =>
  fill({
    id: `f-${i}`,
    side,
    quantity: text(decimal(size).shiftedBy(-5)),
    price: text(decimal(cents).shiftedBy(-2)),
    fee: text(decimal(fee).shiftedBy(-2)),
    filledAt: NOON + i,
  });

/** Folds fills into one position until it ends; a sell of more than is held is left out. */
function fold(fills: readonly Fill[]): { held: Position | undefined; taken: Fill[] } {
  let held: Position | undefined;
  const taken: Fill[] = [];
  for (const each of fills) {
    if (held?.closedAt !== undefined) break;
    const have = decimal(held?.quantity ?? "0");
    if (each.side === "sell" && decimal(each.quantity).gt(have)) continue;
    held = applyFill(held, each, origin);
    taken.push(each);
  }
  return { held, taken };
}
const sum = (fills: readonly Fill[], side: string, of: (f: Fill) => string) =>
  fills.filter((f) => f.side === side).reduce((total, f) => total.plus(decimal(of(f))), ZERO);
const value = (f: Fill): string => text(decimal(f.quantity).times(decimal(f.price)));

describe("a position", () => {
  test("conserves assets and cash over any sequence of fills, and is never short", () => {
    fc.assert(
      fc.property(trades, (sequence) => {
        const { held, taken } = fold(sequence.map(toFill));
        if (held === undefined) return;
        const [bought, sold] = [decimal(held.bought), decimal(held.sold)];
        const paid = sum(taken, "buy", value).plus(sum(taken, "buy", (f) => f.fee));
        const got = sum(taken, "sell", value).minus(sum(taken, "sell", (f) => f.fee));

        expect(decimal(held.quantity).gte(0)).toBe(true);
        expect(bought.eq(sum(taken, "buy", (f) => f.quantity))).toBe(true);
        expect(bought.minus(sold).eq(decimal(held.quantity))).toBe(true);
        expect(decimal(held.cost).eq(paid)).toBe(true);
        expect(decimal(held.proceeds).eq(got)).toBe(true);
        expect(held.closedAt !== undefined).toBe(decimal(held.quantity).isZero());
      }),
    );
  });

  test("earns over its whole life exactly what cash gained, whatever was realised on the way", () => {
    fc.assert(
      fc.property(trades, fc.integer({ min: 1, max: 10_000_000 }), (sequence, cents) => {
        const { held, taken } = fold(sequence.map(toFill));
        if (held === undefined || decimal(held.quantity).isZero()) return;
        const price = text(decimal(cents).shiftedBy(-2));
        const marked = decimal(realizedPnl(held)).plus(decimal(openPnl(held, price)));

        const exit = fill({
          side: "sell",
          quantity: held.quantity,
          price,
          fee: "0",
          filledAt: NOON,
        });
        const closed = applyFill(held, exit, origin);

        const cash = sum([...taken, exit], "sell", value)
          .minus(sum(taken, "buy", value))
          .minus([...taken].reduce((total, f) => total.plus(decimal(f.fee)), ZERO));
        expect(decimal(realizedPnl(closed)).eq(cash)).toBe(true);
        // Each of the two parts is rounded to 18 places.
        expect(marked.minus(cash).abs().lte(decimal("0.000000000000000002"))).toBe(true);
        expect(closed).toMatchObject({ quantity: "0", closedAt: NOON });
        expect(openPnl(closed, price)).toBe("0");
      }),
    );
  });

  test("refuses a sell of more than is held, by however little", () => {
    fc.assert(
      fc.property(trades, (sequence) => {
        const { held } = fold(sequence.map(toFill));
        const quantity = text(decimal(held?.quantity ?? "0").plus("0.00001"));
        expect(() => applyFill(held, fill({ side: "sell", quantity }), origin)).toThrow(RangeError);
      }),
    );
  });

  test("receives less when the fee is taken in the base asset, and pays no quote fee", () => {
    const bought = applyFill(
      undefined,
      fill({ quantity: "0.1", price: "30000", fee: "0.0001", feeCurrency: "BTC" }),
      origin,
    );

    expect(bought).toMatchObject({ quantity: "0.0999", bought: "0.0999", cost: "3000" });
    expect(averageCost(bought)).toBe("30030.03003003003003003");
  });

  test("keeps who opened it and its protection", () => {
    const bought = applyFill(undefined, fill(), origin);

    expect(bought).toMatchObject({ ...origin, exchange: "binance", openedAt: NOON });
    expect(averageCost(bought)).toBe("30030");
    expect([averageCost, realizedPnl].map((of) => of({ ...bought, bought: "0" }))).toEqual([
      "0",
      "0",
    ]);
  });
});

describe("marking to market", () => {
  const btc = position({ quantity: "0.05", bought: "0.1", cost: "3000" });
  const eth = position({ pair: "ETH/USDT", quantity: "2", bought: "2", cost: "4000" });
  const more = position({ exchange: "kraken", quantity: "0.1", bought: "0.1", cost: "3100" });

  test("values what is held at last prices, by asset across venues", () => {
    const prices: Record<string, string> = {
      "binance BTC/USDT": "32000",
      "binance ETH/USDT": "1900",
      "kraken BTC/USDT": "32100",
    };
    const marked = markToMarket(account({ cash: "5000" }), [btc, eth, more], (venue, pair) => {
      return prices[`${venue} ${pair}`];
    });

    expect(marked).toEqual({
      // 5000 + 1600 + 3800 + 3210
      equity: "13610",
      // 100 − 200 + 110
      openPnl: "10",
      exposure: "8610",
      exposureByAsset: { BTC: "4810", ETH: "3800" },
    });
  });

  test("counts a position without a price at what it cost, and an ended one not at all", () => {
    const ended = position({ pair: "XRP/USDT", quantity: "0", closedAt: NOON });

    const marked = markToMarket(account({ cash: "0" }), [btc, ended], () => undefined);

    expect(marked).toEqual({
      equity: "1500",
      openPnl: "0",
      exposure: "1500",
      exposureByAsset: { BTC: "1500" },
    });
  });
});
