import type { Definition, Finding, Unit } from "../definition.ts";
import { DAY_MS } from "../equity-curve.ts";
import type { Facts } from "../facts.ts";
import { mean, populationDeviation, sampleDeviation, sum } from "../statistics.ts";
import { twoSidedPValue } from "../student-t.ts";
import { deepestFall } from "./drawdown.ts";
import { toEightDecimals } from "./trades.ts";

const YEAR = Math.sqrt(365);
/** What freqtrade says where there is no spread to divide by. */
const NO_SPREAD = -100;
const NO_SPREAD_DAILY = -20;
/** What freqtrade takes off each trade before it adds up days. */
const SLIPPAGE = 0.0005;

/** Ratios as freqtrade tells them: its trade ratios divide a mean by day by a spread by trade. */
export const FT_RATIO_FIGURES: readonly Definition[] = [
  figure("ft.sharpe_trade", "trades", (facts) => tradeRatio(facts, facts.results)),
  figure("ft.sortino_trade", "trades", (facts) =>
    tradeRatio(
      facts,
      facts.results.filter((result) => result < 0),
    ),
  ),
  figure("ft.calmar_trade", "trades", calmarOfTrades),
  figure("ft.sqn", "trades", sqn),
  figure("ft.p_value", "trades", pValue, "fraction"),
  figure("ft.sharpe_daily", "trades", sharpeDaily),
  figure("ft.sharpe_balance", "equity", (facts) => balanceRatio(facts, () => true)),
  figure("ft.sortino_balance", "equity", (facts) => balanceRatio(facts, (change) => change < 0)),
  figure("ft.calmar_balance", "equity", calmarOfBalance),
];

function figure(
  id: string,
  of: Definition["of"],
  find: (facts: Facts) => Finding,
  unit: Unit = "ratio",
): Definition {
  return {
    id,
    unit,
    of,
    find: (facts) => (facts.start === undefined ? "no_equity" : find(facts)),
  };
}

/** The mean by day over the spread of some of the results. */
function tradeRatio({ results, totals, start = 1, days }: Facts, some: readonly number[]): Finding {
  if (results.length === 0) return 0;
  const spread = some.length === 0 ? 0 : populationDeviation(some.map((result) => result / start));
  return spread > 0 ? (totals.net / start / days / spread) * YEAR : NO_SPREAD;
}

function calmarOfTrades(facts: Facts): Finding {
  const { results, totals, start = 1, days } = facts;
  if (results.length === 0) return 0;
  const fallen = deepestFall(facts)?.share ?? 0;
  return fallen > 0 ? (((totals.net / start / days) * 100) / fallen) * YEAR : NO_SPREAD;
}

function sqn({ results, start = 1 }: Facts): Finding {
  if (results.length === 0) return 0;
  const t = tOf(results.map((result) => result / start));
  return t ?? NO_SPREAD;
}

/** How likely chance alone gives such a mean result; freqtrade has no word for "cannot be said". */
function pValue({ results }: Facts): Finding {
  if (results.length < 2) return "too_few_trades";
  const t = tOf(results);
  return t === undefined ? "zero_variance" : twoSidedPValue(t, results.length - 1);
}

/** Undefined without a spread. */
function tOf(values: readonly number[]): number | undefined {
  const spread = sampleDeviation(values);
  return spread > 0 ? (Math.sqrt(values.length) * mean(values)) / spread : undefined;
}

/** Days without a trade count as zero. */
function sharpeDaily({ trades, shares, curve, days }: Facts): Finding {
  if (shares === undefined) return "no_stake";
  const byDay = new Map<number, number>();
  const first = Math.floor((curve?.points[0]?.at ?? 0) / DAY_MS);
  for (const [i, { closedAt }] of trades.entries()) {
    const day = Math.min(days - 1, Math.max(0, Math.floor(closedAt / DAY_MS) - first));
    byDay.set(day, (byDay.get(day) ?? 0) + toEightDecimals(shares[i] ?? 0) - SLIPPAGE);
  }
  const all = Array.from({ length: days }, (_, day) => byDay.get(day) ?? 0);
  const spread = sampleDeviation(all);
  return spread > 0 ? (mean(all) / spread) * YEAR : NO_SPREAD_DAILY;
}

function balanceRatio({ curve }: Facts, counts: (change: number) => boolean): Finding {
  if (curve === null || curve.returns.length < 2) return 0;
  const some = curve.returns.filter(counts);
  const spread = some.length === 0 ? 0 : populationDeviation(some);
  return spread > 0 ? (sum(curve.returns) / curve.returns.length / spread) * YEAR : NO_SPREAD;
}

function calmarOfBalance({ curve, drawdown, start = 1, days }: Facts): Finding {
  if (curve === null || curve.returns.length < 2) return 0;
  const gained = ((curve.points.at(-1)?.equity ?? start) - start) / start;
  const fallen = drawdown?.fraction ?? 0;
  return fallen > 0 ? (((gained / days) * 100) / fallen) * YEAR : NO_SPREAD;
}
