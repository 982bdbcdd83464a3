import type { Row } from "../kit/board.ts";
import { free, lines, stat, timeline } from "../kit/kinds.ts";
import { max, pick, sum } from "../kit/query.ts";
import { atMost, NEVER } from "../kit/steps.ts";

/** The account and the limits that it lives under. */
export const money: Row = {
  title: "What does it come to?",
  panels: [
    free({
      title: "Equity",
      about: "Cash and positions at their last prices, of the whole account.",
      unit: "short",
      runbook: "EngineDrawdownHigh",
      queries: [{ expr: max("quote", pick("engine_portfolio_equity_quote")), legend: "{{quote}}" }],
      width: 8,
    }),
    lines({
      title: "Fall from the peak",
      about: "The drawdown and the limit that ends all buying.",
      unit: "percentunit",
      runbook: "EngineDrawdownHigh",
      queries: [
        { expr: max("", pick("engine_portfolio_drawdown_ratio")), legend: "drawdown" },
        { expr: max("", pick("engine_portfolio_drawdown_limit_ratio")), legend: "limit" },
      ],
      width: 8,
    }),
    lines({
      title: "Loss of today",
      about:
        "Share of the day's first equity lost since midnight UTC, and the limit that ends buying for the day.",
      unit: "percentunit",
      runbook: "EngineDailyLossHigh",
      queries: [
        { expr: max("", pick("engine_portfolio_daily_loss_ratio")), legend: "loss" },
        { expr: max("", pick("engine_portfolio_daily_loss_limit_ratio")), legend: "limit" },
      ],
      width: 8,
    }),
    lines({
      title: "Exposure",
      about: "What is held, as a share of the equity.",
      unit: "percentunit",
      runbook: "EngineDrawdownHigh",
      queries: [{ expr: max("", pick("engine_portfolio_exposure_ratio")), legend: "exposure" }],
      width: 8,
    }),
    stat({
      title: "Open positions",
      about: "By portfolio.",
      unit: "short",
      runbook: "EngineDrawdownHigh",
      queries: [{ expr: sum("portfolio", pick("engine_positions_open")), legend: "{{portfolio}}" }],
      width: 4,
      height: 7,
    }),
    timeline({
      title: "Buying halted",
      about: "By whom: an operator, or a limit of risk. Exits go on while buying is halted.",
      unit: "short",
      runbook: "EngineTradingHalted",
      queries: [{ expr: max("reason", pick("engine_trading_halted")), legend: "{{reason}}" }],
      steps: NEVER,
      words: { 0: "on", 1: "halted" },
      width: 8,
    }),
    stat({
      title: "Strategies",
      about: "Configurations by what became of them. A refused one keeps its last good version.",
      unit: "short",
      runbook: "EngineConfigurationRefused",
      queries: [
        { expr: sum("state", pick("engine_strategy_configurations")), legend: "{{state}}" },
      ],
      steps: atMost(1_000, 2_000),
      width: 4,
      height: 7,
    }),
  ],
};
