import type { Definition, Finding } from "./definition.ts";
import { DAY_MS } from "./equity-curve.ts";
import type { Facts } from "./facts.ts";
import { DAYS_A_YEAR, hasEnoughTrades, isSpread, LEAST_DAYS } from "./gates.ts";
import { downsideDeviation, mean, sampleDeviation } from "./statistics.ts";

/** With more, the root of their number lets any edge look like a great one. */
const MOST_TRADES_A_YEAR = 365;

/** Ratios of single trades instead of days, as backtest-kit tells them; returns on the stake. */
export const PER_TRADE_FIGURES: readonly Definition[] = [
  { id: "bk.sharpe_trade", unit: "ratio", of: "trades", find: sharpe },
  { id: "bk.sharpe_annual", unit: "ratio", of: "trades", find: annual },
  { id: "bk.sortino_trade", unit: "ratio", of: "trades", find: sortino },
];

function sharpe(facts: Facts): Finding {
  return ratio(facts, (shares) => mean(shares) / sampleDeviation(shares));
}

function sortino(facts: Facts): Finding {
  return ratio(facts, (shares) => {
    const downside = downsideDeviation(shares);
    return downside > 0 ? mean(shares) / downside : "no_downside";
  });
}

/** A year's worth, by how many trades a year there were between the first end and the last. */
function annual(facts: Facts): Finding {
  const single = sharpe(facts);
  if (typeof single !== "number") return single;
  const { trades } = facts;
  const days = ((trades.at(-1)?.closedAt ?? 0) - (trades[0]?.closedAt ?? 0)) / DAY_MS;
  if (days < LEAST_DAYS) return "too_short";
  const aYear = (trades.length / days) * DAYS_A_YEAR;
  return aYear > MOST_TRADES_A_YEAR ? "too_many_trades" : single * Math.sqrt(aYear);
}

function ratio({ shares, totals }: Facts, read: (shares: readonly number[]) => Finding): Finding {
  if (!hasEnoughTrades(totals.count)) return "too_few_trades";
  if (shares === undefined) return "no_stake";
  return isSpread(sampleDeviation(shares)) ? read(shares) : "zero_variance";
}
