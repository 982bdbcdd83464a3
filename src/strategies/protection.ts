import { z } from "zod";
import { type DecimalText, decimal, text } from "../market/decimal.ts";
import type { Wish } from "./strategy.ts";

/** Parameters of every strategy that protects its buys: distances in average true ranges. */
export const protectionParameters = {
  /** Period of the average true range. */
  atr_periods: z.int().min(2).max(200).default(14),
  /** Stop-loss below the close, in ATRs. */
  stop_atr: z.number().gt(0).lte(20).default(2),
  /** Take-profit above the close, in ATRs. */
  target_atr: z.number().gt(0).lte(50).default(3),
};

interface Protection {
  readonly stop_atr: number;
  readonly target_atr: number;
}

/** More digits than any price tick needs, fewer than a float gets wrong. */
const SIGNIFICANT_DIGITS = 8;

/** Writes a computed price as plain decimal text of eight significant digits. */
function priceText(price: number): DecimalText {
  return text(decimal(Number(price.toPrecision(SIGNIFICANT_DIGITS))));
}

/**
 * A wish to buy at the close, protected on both sides. Undefined where no protection can be placed:
 * the market has not moved at all, or the stop would lie at or below zero.
 * @param range the average true range, quote currency.
 */
export function buy(
  close: number,
  range: number,
  { stop_atr, target_atr }: Protection,
  strength: number,
  evidence: Readonly<Record<string, number>>,
): Wish | undefined {
  const stop = close - stop_atr * range;
  if (!(stop > 0) || !(stop < close)) return undefined;
  return {
    side: "buy",
    strength,
    stopLoss: priceText(stop),
    takeProfit: priceText(close + target_atr * range),
    evidence: { ...evidence, atr: range },
  };
}

/** A wish to leave the position. */
export function sell(strength: number, evidence: Readonly<Record<string, number>>): Wish {
  return { side: "sell", strength, evidence };
}

/** How far a price has gone, as a strength from 0 to 1: one average true range counts as one half. */
export function strengthOf(distance: number, range: number): number {
  const ranges = Math.abs(distance) / range;
  return Number.isFinite(ranges) ? ranges / (1 + ranges) : 0;
}
