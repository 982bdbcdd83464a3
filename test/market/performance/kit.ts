import type { ClosedTrade } from "../../../src/market/performance/closed-trade.ts";
import { curveOf, DAY_MS, type EquityDay } from "../../../src/market/performance/equity-curve.ts";
import { type Figure, measure } from "../../../src/market/performance/measure.ts";

/** Day 1 of what is measured begins here; day 0 is the one before. */
export const BEGIN = Date.UTC(2026, 0, 5);

/** A trade that ends at noon of a day. */
export function closed(day: number, pnl: number | string, stake = "200"): ClosedTrade {
  const closedAt = BEGIN + (day - 0.5) * DAY_MS;
  return { id: `t-${String(closedAt)}-${String(pnl)}`, closedAt, pnl: String(pnl), stake };
}

/** Days with such closes, one after the other; the first opened with the starting cash. */
export function days(start: number | string, closes: readonly (number | string)[]): EquityDay[] {
  return closes.map((close, i) => {
    const open = String(closes[i - 1] ?? start);
    const day = BEGIN + i * DAY_MS;
    return { day, open, high: open, low: open, close: String(close), flow: "0", markedAt: day };
  });
}

/** Worth day by day when trades are all that changes it. */
export function closesOf(start: number, length: number, trades: readonly ClosedTrade[]): number[] {
  return Array.from({ length }, (_, i) =>
    trades
      .filter(({ closedAt }) => closedAt < BEGIN + (i + 1) * DAY_MS)
      .reduce((worth, { pnl }) => worth + Number(pnl), start),
  );
}

/** Figures by their ids, over whole days from the first one. */
export function figures(
  trades: readonly ClosedTrade[],
  equity: readonly EquityDay[],
  length = equity.length,
): ReadonlyMap<string, Figure> {
  const to = BEGIN + Math.max(1, length) * DAY_MS;
  const all = measure({ from: BEGIN, to, trades, curve: curveOf(equity, BEGIN, to) });
  return new Map(all.map((figure) => [figure.definitionId, figure]));
}

/** The eleven trades of the reference: a loss comes first, and one is a draw. */
export const ELEVEN: readonly ClosedTrade[] = (
  [
    [1, -50],
    [3, 30],
    [4, 15],
    [7, -10],
    [9, 0],
    [12, 40],
    [15, -35],
    [18, 25],
    [20, 10],
    [24, -15],
    [28, 20],
  ] as const
).map(([day, pnl]) => closed(day, pnl));
