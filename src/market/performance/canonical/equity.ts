import type { Definition, Finding } from "../definition.ts";
import type { Drawdown } from "../drawdown.ts";
import type { Facts } from "../facts.ts";
import { DAYS_A_YEAR, gatedRatio, yearGate } from "../gates.ts";
import { downsideDeviation, mean, sampleDeviation } from "../statistics.ts";

/** The hub's own figures of the worth day by day, open positions included. */
export const EQUITY_FIGURES: readonly Definition[] = [
  { id: "hub.total_return", unit: "fraction", of: "equity", find: totalReturn },
  { id: "hub.sharpe", unit: "ratio", of: "equity", find: sharpe },
  { id: "hub.sortino", unit: "ratio", of: "equity", find: sortino },
  { id: "hub.cagr", unit: "fraction", of: "equity", find: cagr },
  { id: "hub.calmar", unit: "ratio", of: "equity", find: calmar },
  fall("hub.max_drawdown", "fraction", ({ fraction }) => fraction),
  fall("hub.max_drawdown_abs", "money", ({ absolute }) => absolute),
  fall("hub.current_drawdown", "fraction", ({ current }) => current),
  fall(
    "hub.max_drawdown_peak_at",
    "instant",
    whereFallen(({ peakAt }) => peakAt),
  ),
  fall(
    "hub.max_drawdown_trough_at",
    "instant",
    whereFallen(({ troughAt }) => troughAt),
  ),
  fall(
    "hub.max_drawdown_recovered_at",
    "instant",
    whereFallen(({ recoveredAt }) => recoveredAt ?? "not_recovered"),
  ),
];

function totalReturn({ curve, start }: Facts): Finding {
  if (curve === null) return "no_equity";
  const end = curve.points.at(-1)?.equity ?? Number.NaN;
  return start === undefined ? "non_positive_equity" : end / start - 1;
}

/** Risk-free rate 0, a year of 365 days: these markets hardly close. */
function sharpe(facts: Facts): Finding {
  return gatedRatio(
    facts,
    sampleDeviation,
    (returns) => (mean(returns) / sampleDeviation(returns)) * Math.sqrt(DAYS_A_YEAR),
  );
}

function sortino(facts: Facts): Finding {
  return gatedRatio(facts, sampleDeviation, (returns) => {
    const downside = downsideDeviation(returns);
    return downside > 0 ? (mean(returns) / downside) * Math.sqrt(DAYS_A_YEAR) : "no_downside";
  });
}

function cagr(facts: Facts): Finding {
  const { curve, start } = facts;
  const closed = yearGate(curve);
  if (closed !== undefined) return closed;
  if (curve === null || start === undefined) return "no_equity";
  const end = curve.points.at(-1)?.equity ?? Number.NaN;
  return (end / start) ** (DAYS_A_YEAR / curve.returns.length) - 1;
}

function calmar(facts: Facts): Finding {
  const growth = cagr(facts);
  if (typeof growth !== "number") return growth;
  const fallen = facts.drawdown?.fraction ?? 0;
  return fallen > 0 ? growth / fallen : "no_drawdown";
}

function fall(
  id: string,
  unit: Definition["unit"],
  read: (drawdown: Drawdown) => Finding,
): Definition {
  const find = ({ curve, drawdown }: Facts): Finding => {
    if (curve === null) return "no_equity";
    return drawdown === undefined ? "non_positive_equity" : read(drawdown);
  };
  return { id, unit, of: "equity", find };
}

/** A curve that never fell has no day on which it did. */
function whereFallen(read: (drawdown: Drawdown) => Finding): (drawdown: Drawdown) => Finding {
  return (drawdown) => (drawdown.fraction > 0 ? read(drawdown) : "no_drawdown");
}
