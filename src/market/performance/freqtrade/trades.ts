import type { Definition, Finding, Unit } from "../definition.ts";
import type { Facts } from "../facts.ts";
import { mean } from "../statistics.ts";

/** Figures of trades as freqtrade tells them, its words for "none" (0, 100) included. */
export const FT_TRADE_FIGURES: readonly Definition[] = [
  figure("ft.profit_total", "fraction", ({ totals, start }) =>
    start === undefined ? "no_equity" : totals.net / start,
  ),
  figure("ft.profit_mean", "fraction", ({ shares, totals }) => {
    if (totals.count === 0) return 0;
    return shares === undefined ? "no_stake" : mean(shares.map(toEightDecimals));
  }),
  figure("ft.cagr", "fraction", cagr),
  figure("ft.expectancy", "money", ({ totals: { net, count } }) => (count > 0 ? net / count : 0)),
  figure("ft.expectancy_ratio", "ratio", expectancyRatio),
  figure("ft.profit_factor_bt", "ratio", ({ totals: { won, lost } }) =>
    lost > 0 ? won / lost : 0,
  ),
  // Infinite there; no number says that here.
  figure("ft.profit_factor_live", "ratio", ({ totals: { won, lost } }) =>
    lost > 0 ? won / lost : "no_losers",
  ),
  figure("ft.win_rate_bt", "fraction", ({ totals: { wins, count } }) =>
    count > 0 ? wins / count : 0,
  ),
  figure("ft.win_rate_live", "fraction", ({ totals: { wins, draws, count } }) =>
    count > 0 ? (wins + draws) / count : 0,
  ),
  figure("ft.streak_wins", "count", ({ results }) => longest(results, (result) => result > 0)),
  figure("ft.streak_losses", "count", ({ results }) => longest(results, (result) => result <= 0)),
];

function figure(id: string, unit: Unit, find: (facts: Facts) => Finding): Definition {
  return { id, unit, of: "trades", find };
}

/** freqtrade keeps so many of a trade's profit ratio. */
export function toEightDecimals(ratio: number): number {
  return Math.round(ratio * 1e8) / 1e8;
}

function cagr({ totals, start, days }: Facts): Finding {
  if (start === undefined) return "no_equity";
  const end = start + totals.net;
  return end < 0 ? 0 : (end / start) ** (365 / days) - 1;
}

/** A draw counts as a loser here. */
function expectancyRatio({ totals: { won, lost, wins, losses, count } }: Facts): Finding {
  if (count === 0) return 0;
  if (losses === 0) return 100;
  const averageWin = wins > 0 ? won / wins : 0;
  return (1 + averageWin / (lost / losses)) * (wins / count) - 1;
}

function longest(results: readonly number[], belongs: (result: number) => boolean): number {
  let most = 0;
  let run = 0;
  for (const result of results) {
    run = belongs(result) ? run + 1 : 0;
    most = Math.max(most, run);
  }
  return most;
}
