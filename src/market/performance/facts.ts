import { type ClosedTrade, inOrder, shareOf, type TradeTotals, totalsOf } from "./closed-trade.ts";
import { type Drawdown, drawdownOf } from "./drawdown.ts";
import { DAY_MS, type EquityCurve } from "./equity-curve.ts";

/** What figures are found from: a period, the trades that closed in it, and the worth day by day. */
export interface Measured {
  /** UTC ms. */
  readonly from: number;
  readonly to: number;
  readonly trades: readonly ClosedTrade[];
  readonly curve: EquityCurve | null;
}

/** The same, worked out as far as several figures need it. */
export interface Facts {
  readonly trades: readonly ClosedTrade[];
  readonly totals: TradeTotals;
  /** Result of each trade, in the order of their ends. */
  readonly results: readonly number[];
  /** Result as a share of the stake; undefined when one of the stakes is not known. */
  readonly shares: readonly number[] | undefined;
  readonly curve: EquityCurve | null;
  readonly drawdown: Drawdown | undefined;
  /** Worth at the beginning; undefined without a curve, or when that was nothing. */
  readonly start: number | undefined;
  /** Whole days of the period, at least one. */
  readonly days: number;
}

export function factsOf({ from, to, trades, curve }: Measured): Facts {
  const ordered = inOrder(trades);
  const shares = ordered.flatMap((trade) => shareOf(trade) ?? []);
  const start = curve?.points[0]?.equity ?? 0;
  return {
    trades: ordered,
    totals: totalsOf(ordered),
    results: ordered.map(({ pnl }) => Number(pnl)),
    shares: shares.length === ordered.length ? shares : undefined,
    curve,
    drawdown: curve === null ? undefined : drawdownOf(curve.points),
    start: start > 0 ? start : undefined,
    days: Math.max(1, curve?.returns.length ?? Math.floor((to - from) / DAY_MS)),
  };
}
