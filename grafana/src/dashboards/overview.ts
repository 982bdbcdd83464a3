import type { Board } from "../kit/board.ts";
import { bars, free, stat, table } from "../kit/kinds.ts";
import { grown, max, pick, sum } from "../kit/query.ts";
import { atLeast, atMost, NEVER } from "../kit/steps.ts";
import { promises } from "./promises.ts";

const UP = { 0: "DOWN", 1: "UP" };

/** Is it working, is it trading, what needs me? */
export const overview: Board = {
  uid: "engine-overview",
  title: "Overview",
  about: "Is the hub working, is it trading, and what needs me? Start here.",
  choices: [],
  rows: [
    {
      title: "Is it working?",
      panels: [
        stat({
          title: "Hub",
          about: "Whether Prometheus reaches the hub.",
          unit: "short",
          runbook: "EngineDown",
          queries: [{ expr: `min(${pick("up")})` }],
          steps: atLeast(1),
          words: UP,
          noValue: "DOWN",
          width: 4,
        }),
        stat({
          title: "Database",
          about: "Down means that nothing is saved, decided or traded until it is back.",
          unit: "short",
          runbook: "EngineStoreDown",
          queries: [{ expr: `min(${pick("engine_db_up")})` }],
          steps: atLeast(1),
          words: UP,
          width: 4,
        }),
        stat({
          title: "Vault",
          about: "Down means that no new position is opened once what is remembered is too old.",
          unit: "short",
          runbook: "EngineVaultDown",
          queries: [{ expr: `min(${pick("engine_vault_up")})` }],
          steps: atLeast(1),
          words: UP,
          width: 4,
        }),
        stat({
          title: "Actors not up",
          about: "Actors that start, wait for a restart, or are parked. Normal is 0.",
          unit: "short",
          runbook: "EngineActorParked",
          queries: [{ expr: sum("", pick("engine_actors", 'state!="up"')) }],
          steps: atMost(1, 10),
          width: 4,
        }),
        stat({
          title: "Oldest candle, in timeframes",
          about:
            "Age of the newest candle of the series that is furthest behind, over the length of its timeframe. Normal is below 2; a market that is closed counts as well.",
          unit: "short",
          decimals: 1,
          runbook: "EngineCandleStale",
          queries: [
            {
              expr: `max((scalar(max(${pick("engine_hub_clock_timestamp_seconds")})) - ${pick("engine_candle_last_close_timestamp_seconds")}) / on (timeframe) group_left () max by (timeframe) (${pick("engine_timeframe_seconds")}))`,
            },
          ],
          steps: atMost(2, 3),
          width: 4,
        }),
        stat({
          title: "Series watched",
          about: "Pairs and timeframes that portfolios follow.",
          unit: "short",
          runbook: "EngineCandleStale",
          queries: [{ expr: sum("", pick("engine_series_watched")) }],
          width: 4,
        }),
      ],
    },
    {
      title: "Is it trading?",
      panels: [
        stat({
          title: "Buying",
          about: "Halted means that nothing is bought until somebody resumes; exits go on.",
          unit: "short",
          runbook: "EngineTradingHalted",
          queries: [{ expr: max("", pick("engine_trading_halted")) }],
          steps: NEVER,
          words: { 0: "ON", 1: "HALTED" },
          width: 4,
          height: 7,
        }),
        bars({
          title: "Verdicts",
          about:
            "What became of the signals. Most are refused; the reasons are on the Trading board.",
          unit: "short",
          runbook: "EngineNoVerdicts",
          queries: [
            {
              expr: `sum by (decision) (increase(${pick("engine_verdicts_total")}[$__rate_interval]))`,
              legend: "{{decision}}",
            },
          ],
          width: 10,
        }),
        free({
          title: "Equity",
          about: "Cash and positions at their last prices.",
          unit: "short",
          runbook: "EngineDrawdownHigh",
          queries: [{ expr: pick("engine_portfolio_equity_quote"), legend: "{{quote}}" }],
          width: 10,
        }),
        stat({
          title: "Open positions",
          about: "Positions held now.",
          unit: "short",
          runbook: "EngineDrawdownHigh",
          queries: [{ expr: sum("", pick("engine_positions_open")) }],
          width: 6,
        }),
        stat({
          title: "Fall from the peak",
          about: "Drawdown of the account, as a share of its highest equity.",
          unit: "percentunit",
          decimals: 2,
          runbook: "EngineDrawdownHigh",
          queries: [{ expr: max("", pick("engine_portfolio_drawdown_ratio")) }],
          steps: atMost(0.05, 0.1),
          width: 6,
        }),
        stat({
          title: "Loss of today",
          about: "Share of the day's first equity that is lost since midnight UTC.",
          unit: "percentunit",
          decimals: 2,
          runbook: "EngineDailyLossHigh",
          queries: [{ expr: max("", pick("engine_portfolio_daily_loss_ratio")) }],
          steps: atMost(0.02, 0.04),
          width: 6,
        }),
        stat({
          title: "Orders filled",
          about: "Within the time shown.",
          unit: "short",
          decimals: 0,
          runbook: "EngineOrderUnconfirmed",
          queries: [{ expr: sum("", grown("engine_orders_total", 'status="filled"')) }],
          width: 6,
        }),
      ],
    },
    {
      title: "What needs me?",
      panels: [
        table({
          title: "Alerts that fire",
          about:
            "EngineWatchdog always fires: it shows that rules are evaluated. Whatever else stands here has a runbook.",
          unit: "short",
          runbook: "README",
          queries: [{ expr: 'sum by (alertname, severity) (ALERTS{alertstate="firing"})' }],
          columns: { alertname: "Alert", severity: "Severity", Value: "Count" },
          width: 12,
          height: 8,
        }),
        stat({
          title: "What is open",
          about: "Normal is 0 everywhere, but for a moment.",
          unit: "short",
          runbook: "README",
          queries: [
            { expr: sum("", pick("engine_candle_gaps_open")), legend: "gaps" },
            { expr: sum("", pick("engine_retries_pending")), legend: "candles retried" },
            {
              expr: `count(${pick("engine_orders_oldest_unconfirmed_seconds")} > 60) or vector(0)`,
              legend: "orders in doubt",
            },
            { expr: sum("", pick("engine_actors", 'state="parked"')), legend: "parked actors" },
          ],
          steps: atMost(1, 50),
          width: 12,
          height: 8,
        }),
      ],
    },
    promises,
  ],
};
