import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClosedTrade } from "../../../src/market/performance/closed-trade.ts";
import { curveOf, DAY_MS } from "../../../src/market/performance/equity-curve.ts";
import { type Figure, measure } from "../../../src/market/performance/measure.ts";
import { BEGIN, days } from "./kit.ts";

const amount = fc.integer({ min: -50_000, max: 50_000 }).map((cents) => String(cents / 100));
const trades = fc.array(
  fc.record({ pnl: amount, day: fc.integer({ min: 1, max: 40 }), stake: fc.constant("1000") }),
  { maxLength: 40 },
);
const closes = fc.array(
  fc.integer({ min: 1, max: 900_000 }).map((cents) => cents / 100),
  { maxLength: 40 },
);

/** Anything that is a decimal: sizes that no float holds, and losses of more than there is. */
const wild = fc
  .tuple(fc.constantFrom("", "-"), fc.nat(10 ** 9), fc.constantFrom("", "0".repeat(320), ".5"))
  .map((parts) => parts.join(""));

const made = (list: readonly { pnl: string; day: number; stake: string }[]): ClosedTrade[] =>
  list.map(({ day, ...rest }, i) => ({
    ...rest,
    id: `t-${i}`,
    closedAt: BEGIN + (day - 0.5) * DAY_MS,
  }));

function measured(
  of: readonly ClosedTrade[],
  start: string,
  worths: readonly string[],
  order = <T>(list: readonly T[]): readonly T[] => list,
): readonly Figure[] {
  const to = BEGIN + 40 * DAY_MS;
  const curve = curveOf(order(days(start, worths)), BEGIN, to);
  return measure({ from: BEGIN, to, trades: order(of), curve });
}

describe("figures of any account", () => {
  test("are a finite number, or null with a reason: never both, never neither", () => {
    const odd = fc.array(
      fc.record({ pnl: wild, day: fc.integer({ min: -9, max: 99 }), stake: wild }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(odd, wild, fc.array(wild, { maxLength: 30 }), (list, start, worths) => {
        for (const { value, reason, n } of measured(made(list), start, worths)) {
          expect(value === null).toBe(reason !== null);
          expect(Number.isFinite(value ?? 0)).toBe(true);
          expect(n).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test("are the same in another currency, but for amounts of money", () => {
    fc.assert(
      fc.property(trades, closes, fc.constantFrom(8, 0.25, 1_024), (list, worths, rate) => {
        const plain = measured(made(list), "2000", worths.map(String));
        const scaled = measured(
          made(list).map((one) => ({
            ...one,
            pnl: String(Number(one.pnl) * rate),
            stake: String(Number(one.stake) * rate),
          })),
          String(2_000 * rate),
          worths.map((worth) => String(worth * rate)),
        );
        for (const [i, { definitionId, unit, value, reason }] of plain.entries()) {
          const other = scaled[i];
          expect([definitionId, other?.reason]).toEqual([definitionId, reason]);
          if (value === null) continue;
          const expected = unit === "money" ? value * rate : value;
          const near = Math.max(1e-9, Math.abs(expected) * 1e-9);
          expect(Math.abs((other?.value ?? Number.NaN) - expected)).toBeLessThanOrEqual(near);
        }
      }),
    );
  });

  test("do not depend on the order in which trades and days are told", () => {
    fc.assert(
      fc.property(trades, closes, fc.integer(), (list, worths, seed) => {
        const shuffle = <T>(all: readonly T[]): readonly T[] =>
          all
            .map((one, i) => ({ one, key: Math.sin(seed + i * 7_919) }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ one }) => one);
        const plain = measured(made(list), "2000", worths.map(String));

        expect(measured(made(list), "2000", worths.map(String), shuffle)).toEqual(plain);
      }),
    );
  });

  test("hold to what they mean: rates add up to one, a fall is a share, an expectancy the mean", () => {
    const some = fc.tuple(
      trades.filter(({ length }) => length > 0),
      closes.filter(({ length }) => length > 0),
    );
    fc.assert(
      fc.property(some, ([list, worths]) => {
        const found = new Map(
          measured(made(list), "2000", worths.map(String)).map((one) => [one.definitionId, one]),
        );
        const value = (id: string): number => found.get(id)?.value ?? Number.NaN;
        const rates = ["win", "draw", "loss"].map((kind) => value(`hub.${kind}_rate`));
        expect(rates.reduce((all, one) => all + one, 0)).toBeCloseTo(1, 12);
        expect(value("hub.expectancy") * list.length).toBeCloseTo(value("hub.net_profit"), 6);
        expect(value("hub.max_drawdown")).toBeGreaterThanOrEqual(value("hub.current_drawdown"));
        expect(value("hub.max_drawdown")).toBeLessThan(1);
      }),
    );
  });
});
