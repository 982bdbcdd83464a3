import { isDecimalText } from "../market/decimal.ts";
import type { Wish } from "./strategy.ts";

/**
 * Finds what is wrong with a wish; undefined when it is sound. Strategies may be plain JavaScript,
 * so that no compiler has looked at what they answer.
 */
export function wishFault(wish: Wish): string | undefined {
  if (typeof wish !== "object" || wish === null) return "a wish must be an object or undefined";
  const { side, strength, evidence, stopLoss, takeProfit } = wish;
  if (side !== "buy" && side !== "sell") return "side must be buy or sell";
  if (!(strength >= 0 && strength <= 1)) return "strength must lie between 0 and 1";
  if (stopLoss !== undefined && !isDecimalText(stopLoss)) return "stopLoss must be decimal text";
  if (takeProfit !== undefined && !isDecimalText(takeProfit)) {
    return "takeProfit must be decimal text";
  }
  if (typeof evidence !== "object" || evidence === null) return "evidence must be an object";
  const vague = Object.entries(evidence).find(([, value]) => !Number.isFinite(value));
  return vague === undefined ? undefined : `evidence.${vague[0]} must be a finite number`;
}
