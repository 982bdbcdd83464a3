import type { Facts } from "./facts.ts";

/** In what a figure is told: `money` is the account's currency, `instant` UTC ms. */
export type Unit = "money" | "fraction" | "ratio" | "count" | "instant";

/** Why there is no value. */
export type Reason =
  | "no_trades"
  | "too_few_trades"
  | "too_many_trades"
  | "too_short"
  | "no_equity"
  | "non_positive_equity"
  | "zero_variance"
  | "no_downside"
  | "no_drawdown"
  | "not_recovered"
  | "no_winners"
  | "no_losers"
  | "no_stake"
  | "not_finite";

/** A value or the reason why there is none. */
export type Finding = number | Reason;

/** One figure: what it is called, and how it is found. A definition once published never changes. */
export interface Definition {
  readonly id: string;
  readonly unit: Unit;
  /** What its `n`, `from` and `to` speak of: closed trades, or daily returns of equity. */
  readonly of: "trades" | "equity";
  readonly find: (facts: Facts) => Finding;
}
