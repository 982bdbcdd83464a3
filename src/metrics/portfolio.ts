import { type Decimal, decimal } from "../market/decimal.ts";
import { globalHalt, type Halt } from "../market/halt.ts";
import type { Account, Equity } from "../market/portfolio.ts";
import type { Maker } from "./make.ts";

/** All portfolios share the one account, so its figures stand under one name. */
const WHOLE = "all";
const HALT_REASONS = ["operator", "risk"] as const;

/** The account marked to market, with the fall from its peak that ends all buying. */
export interface AccountFigures {
  readonly account: Account;
  readonly equity: Equity;
  /** 0 to 1. */
  readonly maxDrawdownFraction: number;
  /** 0 to 1. */
  readonly maxDailyLossFraction: number;
}

/** Money, risk and whether buying is stopped. */
export class PortfolioMetrics {
  readonly #equity;
  readonly #drawdown;
  readonly #limit;
  readonly #exposure;
  readonly #loss;
  readonly #lossLimit;
  readonly #halted;
  readonly #halts;
  readonly #raised;
  readonly #mismatches;
  readonly #compared;

  constructor(make: Maker) {
    this.#equity = make.gauge("engine_portfolio_equity_quote", "Equity", ["portfolio", "quote"]);
    this.#drawdown = make.gauge("engine_portfolio_drawdown_ratio", "Fall from the peak, 0 to 1", [
      "portfolio",
    ]);
    this.#limit = make.gauge("engine_portfolio_drawdown_limit_ratio", "Fall that ends all buying", [
      "portfolio",
    ]);
    const portfolio = ["portfolio"] as const;
    this.#loss = make.gauge(
      "engine_portfolio_daily_loss_ratio",
      "Share of the equity at the start of the UTC day that was lost since, 0 to 1",
      portfolio,
    );
    this.#lossLimit = make.gauge(
      "engine_portfolio_daily_loss_limit_ratio",
      "Loss that ends the day's buying",
      portfolio,
    );
    this.#exposure = make.gauge("engine_portfolio_exposure_ratio", "Gross exposure over equity", [
      "portfolio",
    ]);
    this.#halted = make.gauge("engine_trading_halted", "1 while buying is halted", [
      "portfolio",
      "reason",
    ]);
    this.#halts = make.gauge("engine_halts", "Halts that stand", ["scope", "mode", "cause"]);
    this.#raised = make.counter("engine_halts_total", "Halts that were raised", ["mode", "cause"]);
    this.#mismatches = make.gauge(
      "engine_reconciliation_mismatches",
      "Pairs of which books and broker did not say the same when they were compared last",
    );
    this.#compared = make.counter(
      "engine_reconciliations_total",
      "Comparisons of the books with the broker",
    );
    this.halted([]);
  }

  set({ account, equity, ...limits }: AccountFigures): void {
    const now = decimal(equity.equity);
    const fall = fallFrom(decimal(account.peakEquity), now);
    const loss = fallFrom(decimal(account.dayStartEquity), now);
    const share = now.isZero() ? 0 : decimal(equity.exposure).div(now).toNumber();
    this.#equity.set({ portfolio: WHOLE, quote: account.currency }, now.toNumber());
    this.#drawdown.set({ portfolio: WHOLE }, fall);
    this.#limit.set({ portfolio: WHOLE }, limits.maxDrawdownFraction);
    this.#loss.set({ portfolio: WHOLE }, loss);
    this.#lossLimit.set({ portfolio: WHOLE }, limits.maxDailyLossFraction);
    this.#exposure.set({ portfolio: WHOLE }, share);
  }

  /** Sets what stands; the free text of a reason never becomes a label. */
  halted(halts: readonly Halt[]): void {
    const cause = globalHalt(halts)?.cause;
    const current = cause === undefined || cause === "operator" ? cause : "risk";
    for (const reason of HALT_REASONS) {
      this.#halted.set({ portfolio: WHOLE, reason }, reason === current ? 1 : 0);
    }
    this.#halts.reset();
    for (const { scope, mode, cause: why } of halts) {
      this.#halts.inc({ scope: scope.kind, mode, cause: why });
    }
  }

  compared({ mismatches }: { readonly mismatches: number }): void {
    this.#mismatches.set(mismatches);
    this.#compared.inc();
  }

  raised({ mode, cause }: Pick<Halt, "mode" | "cause">): void {
    this.#raised.inc({ mode, cause });
  }
}

/** The share of a height that is missing now; 0 above it. */
function fallFrom(height: Decimal, now: Decimal): number {
  if (height.isZero() || height.isNegative()) return 0;
  return Math.max(0, height.minus(now).div(height).toNumber());
}
