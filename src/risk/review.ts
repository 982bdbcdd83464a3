import { type DecimalText, text } from "../market/decimal.ts";
import type { OrderRequest } from "../market/order.ts";
import type { CheckResult } from "../market/verdict.ts";
import { guarded } from "./check.ts";
import { ALL_CHECKS } from "./checks/all.ts";
import { clientOrderIdOf } from "./client-order-id.ts";
import type { ReviewInput } from "./input.ts";
import { type Plan, planOf, reserveText } from "./plan.ts";

/** What a review answers; together with signal id, portfolio and time it is a verdict. */
export type Review =
  | {
      readonly decision: "accepted";
      readonly checks: readonly CheckResult[];
      /** Base asset, on the venue's step. */
      readonly quantity: DecimalText;
      /** Cash to set aside, quote currency, fees included; zero for a sell. */
      readonly reservedQuote: DecimalText;
      readonly order: OrderRequest;
    }
  | {
      readonly decision: "refused";
      readonly checks: readonly CheckResult[];
      /** Names of the checks that failed, in their order; at least one. */
      readonly reasons: readonly string[];
    };

/** The reason of a refusal when every check passed and still no order could be made. */
const NO_ORDER = "no-order";

/**
 * Judges a signal. Every check runs and is recorded, also after one has failed, and each fails
 * closed. Pure: the same input gives the same answer, so a stored verdict can be worked out again.
 * Never throws.
 */
export function review(input: ReviewInput): Review {
  const plan = planOf(input);
  const checks = ALL_CHECKS.map((check) => guarded(check, input, plan));
  const reasons = checks.filter(({ passed }) => !passed).map(({ check }) => check);
  if (reasons.length > 0) return { decision: "refused", reasons, checks };
  try {
    const order = orderOf(input, plan);
    const { quantity } = order;
    return { decision: "accepted", checks, quantity, reservedQuote: reserveText(plan), order };
  } catch {
    return { decision: "refused", reasons: [NO_ORDER], checks };
  }
}

function orderOf({ signal, portfolio }: ReviewInput, plan: Plan): OrderRequest {
  const { id, series, strategy, side, stopLoss, takeProfit } = signal;
  const { quantity, price } = plan.size();
  return {
    clientOrderId: clientOrderIdOf(id),
    origin: "signal",
    signalId: id,
    portfolio,
    exchange: series.exchange,
    pair: series.pair,
    side,
    quantity: text(quantity),
    referencePrice: text(price),
    strategy,
    ...(side === "buy" && stopLoss !== undefined ? { stopLoss } : {}),
    ...(side === "buy" && takeProfit !== undefined ? { takeProfit } : {}),
  };
}
