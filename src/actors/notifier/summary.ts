import { type Decimal, decimal, ZERO } from "../../market/decimal.ts";
import type { Notification } from "../../market/notification.ts";
import { DAY_MS, type EquityDay } from "../../market/performance/equity-curve.ts";

/** What a day came to, as the store tells it. */
export interface DayFacts {
  readonly currency: string;
  /** The account on that day. */
  readonly equity: EquityDay;
  /** Results of the positions that were closed on it. */
  readonly results: readonly string[];
  readonly openPositions: number;
  readonly openGaps: number;
}

/**
 * The UTC day whose summary is due, by its start, UTC ms: the last one that ended before `hour` of today.
 * @param hour of the UTC day, 0 to 23.
 */
export function summaryDay(nowMs: number, hour: number): number {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const isDue = nowMs - today >= hour * 3_600_000;
  return today - (isDue ? 1 : 2) * DAY_MS;
}

/** A day in a few lines. */
export function summaryOf(day: number, nowMs: number, facts: DayFacts): Notification {
  const { currency, equity, openPositions, openGaps } = facts;
  const results = facts.results.map((result) => decimal(result));
  const won = results.filter((result) => result.isGreaterThan(0)).length;
  const total = results.reduce((sum, result) => sum.plus(result), ZERO);
  const date = new Date(day).toISOString().slice(0, 10);
  const lines = [
    `Summary of ${date} (UTC)`,
    worth(equity, currency),
    `${results.length} positions closed, ${won} with a gain, result ${rounded(total)} ${currency}`,
    `Now open: ${openPositions} positions, ${openGaps} gaps`,
  ];
  const key = `summary/${date}`;
  return { key, kind: "summary", severity: "info", at: nowMs, body: lines.join("\n") };
}

function worth({ open, close, flow }: EquityDay, currency: string): string {
  const gain = decimal(close).minus(decimal(open)).minus(decimal(flow));
  const share = decimal(open).isZero() ? ZERO : gain.div(decimal(open)).times(100);
  const sign = gain.isNegative() ? "" : "+";
  return `Equity ${rounded(decimal(close))} ${currency}, ${sign}${rounded(gain)} (${sign}${rounded(share)} %)`;
}

function rounded(value: Decimal): string {
  return value.decimalPlaces(2).toFixed(2);
}
