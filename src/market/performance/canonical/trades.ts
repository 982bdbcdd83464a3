import type { TradeTotals } from "../closed-trade.ts";
import type { Definition, Finding, Unit } from "../definition.ts";

/** The hub's own figures of the trades that closed. Draws are a class of their own. */
export const TRADE_FIGURES: readonly Definition[] = [
  figure("hub.net_profit", "money", ({ net }) => net),
  figure("hub.trades", "count", ({ count }) => count),
  figure("hub.wins", "count", ({ wins }) => wins),
  figure("hub.draws", "count", ({ draws }) => draws),
  figure("hub.losses", "count", ({ losses }) => losses),
  figure("hub.win_rate", "fraction", ({ wins, count }) => share(wins, count)),
  figure("hub.draw_rate", "fraction", ({ draws, count }) => share(draws, count)),
  figure("hub.loss_rate", "fraction", ({ losses, count }) => share(losses, count)),
  figure("hub.average_win", "money", ({ won, wins }) => (wins > 0 ? won / wins : "no_winners")),
  figure("hub.average_loss", "money", averageLoss),
  figure("hub.profit_factor", "ratio", profitFactor),
  figure("hub.expectancy", "money", ({ net, count }) => share(net, count)),
  figure("hub.expectancy_r", "ratio", expectancyInR),
];

function figure(id: string, unit: Unit, read: (totals: TradeTotals) => Finding): Definition {
  return { id, unit, of: "trades", find: ({ totals }) => read(totals) };
}

function share(part: number, count: number): Finding {
  return count > 0 ? part / count : "no_trades";
}

/** As a size. */
function averageLoss({ lost, losses }: TradeTotals): Finding {
  return losses > 0 ? lost / losses : "no_losers";
}

function profitFactor({ won, lost, losses, count }: TradeTotals): Finding {
  if (count === 0) return "no_trades";
  return losses > 0 ? won / lost : "no_losers";
}

/** A loss of the usual size is one R. */
function expectancyInR(totals: TradeTotals): Finding {
  if (totals.count === 0) return "no_trades";
  const loss = averageLoss(totals);
  return typeof loss === "number" ? totals.net / totals.count / loss : loss;
}
