import type { Board, Row } from "../kit/board.ts";
import { bars, free, heat, lines, stat, table, timeline } from "../kit/kinds.ts";
import { EXCHANGE, max, pick, quantile, rate, share, sum, TIMEFRAME } from "../kit/query.ts";
import { atLeast, atMost, NEVER } from "../kit/steps.ts";

const FED = [EXCHANGE, TIMEFRAME];

const lateness: Row = {
  title: "How late are the candles?",
  panels: [
    stat({
      title: "Within 10 s of the close",
      about: "Candles durably written within 10 s, over the time shown. The objective is 99 %.",
      unit: "percentunit",
      decimals: 2,
      runbook: "EngineCandleLatenessBudgetBurn",
      queries: [{ expr: share("10", "engine_candle_lag_seconds", ...FED) }],
      steps: atLeast(0.99),
      noValue: "no closes",
      width: 4,
      height: 7,
    }),
    lines({
      title: "From the close to the write",
      about:
        "Half, 95 and 99 of a hundred candles. The first poll comes 5 s after the close, by setting.",
      unit: "s",
      runbook: "EngineCandleLatenessBudgetBurn",
      queries: [
        {
          expr: quantile(0.5, "timeframe", "engine_candle_lag_seconds", ...FED),
          legend: "p50 {{timeframe}}",
        },
        {
          expr: quantile(0.95, "timeframe", "engine_candle_lag_seconds", ...FED),
          legend: "p95 {{timeframe}}",
        },
        {
          expr: quantile(0.99, "timeframe", "engine_candle_lag_seconds", ...FED),
          legend: "p99 {{timeframe}}",
        },
      ],
      steps: atMost(10, 30),
      limits: true,
      width: 10,
    }),
    heat({
      title: "How the delays lie",
      about:
        "Each cell counts the candles of that delay. A band that climbs is an exchange that slows down.",
      unit: "s",
      runbook: "EngineCandleLatenessBudgetBurn",
      queries: [
        { expr: sum("le", rate("engine_candle_lag_seconds_bucket", ...FED)), legend: "{{le}}" },
      ],
      width: 10,
    }),
    table({
      title: "Series that are furthest behind",
      about:
        "Age of the newest candle, over the length of its timeframe. Above 2, a close was missed.",
      unit: "short",
      decimals: 1,
      runbook: "EngineCandleStale",
      queries: [
        {
          expr: `topk(12, (scalar(max(${pick("engine_hub_clock_timestamp_seconds")})) - ${pick("engine_candle_last_close_timestamp_seconds", ...FED)}) / on (timeframe) group_left () max by (timeframe) (${pick("engine_timeframe_seconds")}))`,
        },
      ],
      columns: {
        exchange: "Exchange",
        pair: "Pair",
        timeframe: "Timeframe",
        Value: "Timeframes old",
      },
      steps: atMost(2, 3),
      width: 12,
      height: 9,
    }),
    bars({
      title: "Candles written",
      about:
        "By origin: polled after the close, tried again, loaded at the first start, caught up.",
      unit: "short",
      runbook: "EngineNoCandles",
      queries: [
        {
          expr: `sum by (source) (increase(${pick("engine_candles_stored_total", ...FED)}[$__rate_interval]))`,
          legend: "{{source}}",
        },
      ],
      width: 12,
      height: 9,
    }),
  ],
};

const gaps: Row = {
  title: "What is missing?",
  panels: [
    stat({
      title: "Gaps open",
      about:
        "Candles that were not had by their deadline and are still missing. They are looked for with each later poll.",
      unit: "short",
      runbook: "EngineCandleGapsOpen",
      queries: [{ expr: sum("", pick("engine_candle_gaps_open", ...FED)) }],
      steps: atMost(1, 50),
      width: 4,
      height: 7,
    }),
    lines({
      title: "Gaps opened and repaired",
      about:
        "A gap that opens is an opportunity given up; one that is repaired is history made whole.",
      unit: "short",
      runbook: "EngineCandleGapsOpen",
      queries: [
        {
          expr: `sum by (exchange) (increase(${pick("engine_candle_gaps_opened_total", ...FED)}[$__rate_interval]))`,
          legend: "opened {{exchange}}",
        },
        {
          expr: `sum by (exchange) (increase(${pick("engine_candle_gaps_repaired_total", ...FED)}[$__rate_interval]))`,
          legend: "repaired {{exchange}}",
        },
      ],
      width: 10,
    }),
    lines({
      title: "Candles waiting for a retry",
      about: "Asked for and not had yet. Normal is a handful after a close, and 0 soon after.",
      unit: "short",
      runbook: "EngineRetriesPending",
      queries: [
        { expr: sum("exchange", pick("engine_retries_pending", EXCHANGE)), legend: "{{exchange}}" },
      ],
      width: 10,
    }),
    lines({
      title: "Answers refused",
      about: "Rows that were not sound: out of order, not aligned, high below low. Normal is 0.",
      unit: "cps",
      runbook: "EngineCandlesCorrupt",
      queries: [
        {
          expr: sum("exchange, reason", rate("engine_candles_rejected_total", EXCHANGE)),
          legend: "{{exchange}} {{reason}}",
        },
      ],
      width: 12,
    }),
    lines({
      title: "Retries by reason",
      about: "Why polls were done again.",
      unit: "cps",
      runbook: "EngineRetriesPending",
      queries: [
        {
          expr: sum("exchange, reason", rate("engine_poll_retries_total", EXCHANGE)),
          legend: "{{exchange}} {{reason}}",
        },
      ],
      width: 12,
    }),
  ],
};

const exchanges: Row = {
  title: "How are the exchanges?",
  panels: [
    lines({
      title: "Polls by outcome",
      about: "Missing: the newest candle was not there yet. Failed and banned need a look.",
      unit: "reqps",
      stacked: true,
      runbook: "EngineExchangeBanned",
      queries: [
        { expr: sum("outcome", rate("engine_polls_total", ...FED)), legend: "{{outcome}}" },
      ],
      width: 8,
    }),
    lines({
      title: "Time of a request",
      about: "95 of a hundred requests for candles took at most this long.",
      unit: "s",
      runbook: "EngineExchangeBanned",
      queries: [
        {
          expr: quantile(0.95, "exchange", "engine_poll_duration_seconds", EXCHANGE),
          legend: "p95 {{exchange}}",
        },
      ],
      width: 8,
    }),
    timeline({
      title: "Does the exchange let us ask?",
      about:
        "Open: it told us to wait, or has banned this address for a time; nothing is asked until then.",
      unit: "short",
      runbook: "EngineExchangeBanned",
      queries: [
        {
          expr: max("exchange", pick("engine_circuit_state", EXCHANGE, 'state="open"')),
          legend: "{{exchange}}",
        },
      ],
      steps: NEVER,
      words: { 0: "serves", 1: "told to wait" },
      width: 8,
    }),
    lines({
      title: "Request budget left",
      about: "Share of what the exchange allows that is still unused. Near 0, candles come late.",
      unit: "percentunit",
      runbook: "EngineExchangeBanned",
      queries: [
        {
          expr: `min by (exchange) (${pick("engine_exchange_rate_limit_remaining_ratio", EXCHANGE)})`,
          legend: "{{exchange}}",
        },
      ],
      width: 12,
    }),
    free({
      title: "Clock against the exchange",
      about:
        "Our clock less the exchange's. Beyond a second or two, closes are noticed late and signed requests fail.",
      unit: "s",
      runbook: "EngineClockSkew",
      queries: [
        {
          expr: max("exchange", pick("engine_clock_skew_seconds", EXCHANGE)),
          legend: "{{exchange}}",
        },
      ],
      width: 12,
    }),
  ],
};

/** From the close at the exchange to the row in the database. */
export const data: Board = {
  uid: "engine-data",
  title: "Data pipeline",
  about: "How late are the candles, what is missing, and how are the exchanges?",
  choices: ["exchange", "timeframe"],
  rows: [lateness, gaps, exchanges],
};
