import { curveOf } from "../market/performance/equity-curve.ts";
import type { Measured } from "../market/performance/facts.ts";
import { periodStart } from "../market/performance/period.ts";
import type { Facts } from "./view-reader.ts";

/** What is known of a period that ends now, from memory. */
export function measuredOf(
  { closed, equityDays }: Pick<Facts, "closed" | "equityDays">,
  period: string,
  nowMs: number,
): Measured {
  const known = [equityDays[0]?.day, closed[0]?.closedAt].filter((at) => at !== undefined);
  const from = periodStart(period, nowMs, Math.min(nowMs, ...known));
  const trades = closed.filter(({ closedAt }) => closedAt >= from);
  return { from, to: nowMs, trades, curve: curveOf(equityDays, from, nowMs) };
}
