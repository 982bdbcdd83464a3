import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal, text } from "../../src/market/decimal.ts";
import { applyFill, type Position } from "../../src/market/position.ts";
import { withStore } from "../kit/store.ts";
import { accepted, decideNow, fill, MONDAY, request, traderFence } from "./builders.ts";

const opened = withStore();

/** Up to 18 digits after the point, as venues and chains have them. */
const amount = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 24n }), fc.integer({ min: 0, max: 18 }))
  .map(([digits, places]) => text(decimal(digits.toString()).shiftedBy(-places)));

const fills = fc.array(fc.record({ quantity: amount, price: amount, fee: amount }), {
  minLength: 1,
  maxLength: 5,
});

let run = 0;

test("cash and position are the exact sums of the fills, however often steps are repeated", async () => {
  const { store } = opened;
  await store.trade.openAccount("paper", "USDT", "10000", MONDAY);
  await fc.assert(
    fc.asyncProperty(fills, fc.array(fc.nat(), { maxLength: 6 }), async (parts, repeats) => {
      run += 1;
      const pair = `P${run}/USDT`;
      const order = request(`p-${run}`, { pair, quantity: "1" });
      await decideNow(store, [accepted(`p-${run}`, { pair, quantity: "1" })]);
      await store.trade.createOrder(order, MONDAY, await traderFence(store));
      let cash = decimal((await store.trade.account()).cash);
      let position: Position | undefined;
      let filled = decimal("0");
      const steps = parts.map((part, i) => {
        const one = fill(order, `${i}`, part);
        const { clientOrderId: id, portfolio, strategy } = order;
        position = applyFill(position, one, { id, portfolio, strategy });
        filled = filled.plus(decimal(part.quantity));
        const paid = decimal(part.quantity).times(decimal(part.price)).plus(decimal(part.fee));
        cash = cash.minus(paid);
        const placed = { ...order, createdAt: MONDAY, sentAt: MONDAY, filled: text(filled) };
        const last = i === parts.length - 1;
        return {
          order: last
            ? ({ ...placed, state: "filled", averagePrice: "1", endedAt: MONDAY } as const)
            : ({ ...placed, state: "open" } as const),
          fills: [one],
          position,
          cashDelta: text(paid.negated()),
          release: last,
        };
      });

      for (const [i, step] of steps.entries()) {
        await store.trade.settle(step);
        // Any step so far may be told again.
        const again = steps[(repeats[i] ?? 0) % (i + 1)];
        if (repeats[i] !== undefined && again !== undefined) await store.trade.settle(again);
      }

      const account = await store.trade.account();
      expect(account.cash).toBe(text(cash));
      expect(account.reserved).toBe("0");
      expect(await store.trade.position("binance", pair)).toEqual(position);
      expect(await store.trade.order(order.clientOrderId)).toEqual(steps.at(-1)?.order);
    }),
    { numRuns: 40 },
  );
}, 60_000);
