import { type Decimal, type DecimalText, decimal, ZERO } from "../decimal.ts";

/** A trade that ended, as performance is measured by it. */
export interface ClosedTrade {
  readonly id: string;
  /** UTC ms. */
  readonly closedAt: number;
  /** Result with all fees, account currency. */
  readonly pnl: DecimalText;
  /** What was paid for it, fees included; zero where that is not known. */
  readonly stake: DecimalText;
}

/** Sums and counts of trades. A draw is neither won nor lost. */
export interface TradeTotals {
  readonly count: number;
  readonly wins: number;
  readonly losses: number;
  readonly draws: number;
  /** Of the wins. */
  readonly won: number;
  /** Of the losses, as a size. */
  readonly lost: number;
  /** Of all. */
  readonly net: number;
}

/** Adds up exactly, and becomes a plain number at the end. */
export function totalsOf(trades: readonly ClosedTrade[]): TradeTotals {
  let wins = 0;
  let losses = 0;
  let won: Decimal = ZERO;
  let lost: Decimal = ZERO;
  for (const { pnl } of trades) {
    const result = decimal(pnl);
    if (result.gt(ZERO)) {
      wins += 1;
      won = won.plus(result);
    } else if (result.lt(ZERO)) {
      losses += 1;
      lost = lost.minus(result);
    }
  }
  return {
    count: trades.length,
    wins,
    losses,
    draws: trades.length - wins - losses,
    won: won.toNumber(),
    lost: lost.toNumber(),
    net: won.minus(lost).toNumber(),
  };
}

/** In the order in which they ended; the id decides between those of one instant. */
export function inOrder(trades: readonly ClosedTrade[]): readonly ClosedTrade[] {
  return trades.toSorted((a, b) => a.closedAt - b.closedAt || (a.id < b.id ? -1 : 1));
}

/** Result as a share of what was paid; undefined where that is not known. */
export function shareOf({ pnl, stake }: ClosedTrade): number | undefined {
  const paid = decimal(stake);
  return paid.gt(ZERO) ? decimal(pnl).div(paid).toNumber() : undefined;
}
