import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal } from "../../src/market/decimal.ts";
import { lotFault } from "../../src/market/instrument.ts";
import { review } from "../../src/risk/review.ts";
import { exitInput, instrument, limits, position, reviewInput } from "../kit/builders.ts";

const amount = fc
  .tuple(fc.integer({ min: 1, max: 1_000_000_000 }), fc.integer({ min: 0, max: 8 }))
  .map(([digits, places]) => decimal(digits).shiftedBy(-places).toFixed());
const step = fc
  .tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 0, max: 8 }))
  .map(([digits, places]) => decimal(digits).shiftedBy(-places).toFixed());

test("an accepted buy satisfies the venue's rules and spends no more than its share", () => {
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.record({ ask: amount, step, equity: amount, least: amount, notional: amount }),
      fc.double({ min: 0.001, max: 0.25, noNaN: true }),
      ({ ask, step: quantityStep, equity, least, notional }, stakeFraction) => {
        const rules = instrument({ quantityStep, minQuantity: least, minNotional: notional });
        const plain = reviewInput();
        const worth = { equity, openPnl: "0", exposure: "0", exposureByAsset: {} };
        const answer = review({
          ...plain,
          instrument: rules,
          limits: limits({ stakeFraction }),
          quote: { value: { bid: ask, ask }, ageMs: 1 },
          book: {
            value: {
              bids: [{ price: ask, quantity: "1000000000" }],
              asks: [{ price: ask, quantity: "1000000000" }],
            },
            ageMs: 1,
          },
          signal: {
            ...plain.signal,
            stopLoss: decimal(ask).times("0.95").toFixed(),
            takeProfit: decimal(ask).times(2).toFixed(),
          },
          account: {
            ...plain.account,
            freeCash: equity,
            equity: worth,
            peakEquity: equity,
            dayStartEquity: equity,
          },
        });
        if (answer.decision === "refused") return;
        accepted += 1;
        const { quantity, reservedQuote } = answer;
        const value = decimal(quantity).times(decimal(ask));
        expect(lotFault(rules, quantity, ask)).toBeUndefined();
        expect(value.lte(decimal(equity).times(decimal(stakeFraction)))).toBe(true);
        expect(decimal(reservedQuote).eq(value.times("1.001"))).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test("an accepted sell never takes more than is held, and leaves less than a step", () => {
  fc.assert(
    fc.property(amount, step, (quantity, quantityStep) => {
      const rules = instrument({ quantityStep, minQuantity: quantityStep, minNotional: "0" });
      const deep = [{ price: "30000", quantity: "10000000000" }];
      const answer = review(
        exitInput({
          instrument: { ...rules, maxQuantity: "10000000000" },
          position: position({ quantity }),
          book: { value: { bids: deep, asks: deep }, ageMs: 1 },
        }),
      );
      const taken = decimal(answer.decision === "accepted" ? answer.quantity : "0");
      const rest = decimal(quantity).minus(taken);
      expect(rest.gte(0) && rest.lt(decimal(quantityStep))).toBe(true);
    }),
  );
});
