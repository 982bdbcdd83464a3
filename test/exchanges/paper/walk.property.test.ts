import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Consumption } from "../../../src/exchanges/paper/consumption.ts";
import { walkLevels } from "../../../src/exchanges/paper/walk.ts";
import type { BookLevel } from "../../../src/exchanges/port.ts";
import { type Decimal, decimal, text, ZERO } from "../../../src/market/decimal.ts";

/** A decimal text of up to eight places, never zero. */
const amount = fc
  .tuple(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 1, max: 99_999_999 }))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(8, "0")}`);

/** Asks: rising prices, no two alike. */
const asks: fc.Arbitrary<BookLevel[]> = fc
  .uniqueArray(fc.tuple(amount, amount), {
    selector: ([price]) => text(decimal(price)),
    maxLength: 12,
  })
  .map((rows) =>
    rows
      .map(([price, quantity]) => ({ price, quantity }))
      .sort((a, b) => decimal(a.price).comparedTo(decimal(b.price)) ?? 0),
  );

const sum = (levels: readonly BookLevel[]): Decimal =>
  levels.reduce((total, { quantity }) => total.plus(decimal(quantity)), ZERO);
const value = (levels: readonly BookLevel[]): Decimal =>
  levels.reduce(
    (total, { price, quantity }) => total.plus(decimal(price).times(decimal(quantity))),
    ZERO,
  );

describe("walking a book", () => {
  test("takes exactly what was wished, or all there is", () => {
    fc.assert(
      fc.property(asks, amount, (levels, wished) => {
        const { taken, rest } = walkLevels(levels, wished);
        expect(text(sum(taken).plus(decimal(rest)))).toBe(text(decimal(wished)));
        expect(sum(taken).lte(sum(levels))).toBe(true);
        expect(rest === "0" || sum(taken).eq(sum(levels))).toBe(true);
      }),
    );
  });

  test("never pays less than the best price, nor more than the worst touched", () => {
    fc.assert(
      fc.property(asks, amount, (levels, wished) => {
        const { taken } = walkLevels(levels, wished);
        fc.pre(taken.length > 0);
        const quantity = sum(taken);
        expect(value(taken).gte(quantity.times(decimal(levels[0]!.price)))).toBe(true);
        expect(value(taken).lte(quantity.times(decimal(taken.at(-1)!.price)))).toBe(true);
      }),
    );
  });

  test("takes each level in order and empties it before the next", () => {
    fc.assert(
      fc.property(asks, amount, (levels, wished) => {
        const { taken } = walkLevels(levels, wished);
        taken.forEach(({ price, quantity }, i) => {
          expect(price).toBe(levels[i]!.price);
          const isLast = i === taken.length - 1;
          expect(isLast || decimal(quantity).eq(decimal(levels[i]!.quantity))).toBe(true);
          expect(decimal(quantity).gt(0)).toBe(true);
        });
      }),
    );
  });

  test("is exact where doubles are not", () => {
    const { taken, rest } = walkLevels(
      [
        { price: "0.1", quantity: "0.1" },
        { price: "0.2", quantity: "0.2" },
      ],
      "0.3",
    );
    expect(rest).toBe("0");
    expect(text(value(taken))).toBe("0.05");
  });
});

describe("the memory of what was taken", () => {
  test("never lets more than a level shows be taken while it stands still", () => {
    fc.assert(
      fc.property(asks, fc.array(amount, { maxLength: 6 }), (levels, wishes) => {
        const consumed = new Consumption("buy");
        const all = wishes.flatMap((wished) => {
          const { taken } = walkLevels(consumed.available(levels), wished);
          consumed.take(levels, taken);
          return taken;
        });
        for (const { price, quantity } of levels) {
          const here = all.filter((level) => level.price === price);
          expect(sum(here).lte(decimal(quantity))).toBe(true);
        }
      }),
    );
  });

  const [near, far] = [
    { price: "100", quantity: "2" },
    { price: "101", quantity: "3" },
  ];

  test("ends when the venue shows another quantity there, or the level is gone", () => {
    const consumed = new Consumption("buy");
    consumed.take([near, far], [near, { ...far, quantity: "1" }]);
    expect(consumed.available([near, far])).toEqual([
      { price: "100", quantity: "0" },
      { price: "101", quantity: "2" },
    ]);
    expect(consumed.available([{ price: "100", quantity: "2.5" }, far])[0]?.quantity).toBe("2.5");
    consumed.available([{ price: "102", quantity: "1" }]);
    expect(consumed.available([near, far])).toEqual([near, far]);
  });

  test("outlives a look that did not go as deep", () => {
    const consumed = new Consumption("sell");
    const bids = [far, near];
    consumed.take(bids, [near]);
    consumed.available([far]);
    expect(consumed.available(bids)[1]?.quantity).toBe("0");
  });

  test("does not mind how the venue writes a price", () => {
    const consumed = new Consumption("buy");
    consumed.take([near], [near]);
    expect(consumed.available([{ price: "100.00", quantity: "2.0" }])[0]?.quantity).toBe("0");
  });
});
