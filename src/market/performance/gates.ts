import type { Finding, Reason } from "./definition.ts";
import { type EquityCurve, wasRuined } from "./equity-curve.ts";
import type { Facts } from "./facts.ts";

export const DAYS_A_YEAR = 365;
/** With fewer, chance says more than skill. */
const LEAST_TRADES = 10;
/** With fewer, a figure for a year is a guess. */
export const LEAST_DAYS = 14;
/** Spreads up to this are rounding. */
const LEAST_DEVIATION = 1e-9;

/** Why a figure for a year cannot be told of a curve. */
export function yearGate(curve: EquityCurve | null): Reason | undefined {
  if (curve === null) return "no_equity";
  if (curve.returns.length < LEAST_DAYS) return "too_short";
  return wasRuined(curve) ? "non_positive_equity" : undefined;
}

/** Lets a ratio of mean to spread through with enough trades, enough days, and a spread. */
export function gatedRatio(
  { totals, curve }: Facts,
  spreadOf: (returns: readonly number[]) => number,
  ratio: (returns: readonly number[]) => Finding,
): Finding {
  if (totals.count < LEAST_TRADES) return "too_few_trades";
  const closed = yearGate(curve);
  if (closed !== undefined || curve === null) return closed ?? "no_equity";
  return isSpread(spreadOf(curve.returns)) ? ratio(curve.returns) : "zero_variance";
}

export function hasEnoughTrades(count: number): boolean {
  return count >= LEAST_TRADES;
}

export function isSpread(deviation: number): boolean {
  return deviation > LEAST_DEVIATION;
}
