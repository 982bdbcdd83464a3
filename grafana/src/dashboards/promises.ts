import type { Row } from "../kit/board.ts";
import { stat } from "../kit/kinds.ts";
import { grown, share, sum } from "../kit/query.ts";
import { atLeast } from "../kit/steps.ts";

const CHATTY_PATHS =
  "account|brokers|health|insights|logs/recent|markets|performance|set-active-broker|snapshot|status|trades/history";
const CHATTY = [`route=~"/api/(${CHATTY_PATHS})"`];
const had = sum("", grown("engine_candle_lag_seconds_count"));
const missed = sum("", grown("engine_candle_gaps_opened_total"));
const asked = sum("", grown("http_request_duration_seconds_count", ...CHATTY));
const answered = sum("", grown("http_request_duration_seconds_count", ...CHATTY, 'status!~"5.."'));

/** The objectives of docs/operations.md, over the time shown. */
export const promises: Row = {
  title: "Does it keep its promises? (over the time shown)",
  panels: [
    stat({
      title: "Verdicts within 250 ms",
      about: "From the candle in hand to the verdict stored. The objective is 99 %.",
      unit: "percentunit",
      decimals: 2,
      runbook: "EngineDecisionLatencyBudgetBurn",
      queries: [{ expr: share("0.25", "engine_decision_duration_seconds") }],
      steps: atLeast(0.99),
      noValue: "no verdicts",
      width: 6,
    }),
    stat({
      title: "Candles within 10 s",
      about: "From the close to the durable write. The objective is 99 %.",
      unit: "percentunit",
      decimals: 2,
      runbook: "EngineCandleLatenessBudgetBurn",
      queries: [{ expr: share("10", "engine_candle_lag_seconds") }],
      steps: atLeast(0.99),
      noValue: "no closes",
      width: 6,
    }),
    stat({
      title: "Candles had by their deadline",
      about: "Of all that were due. The objective is 99.9 %.",
      unit: "percentunit",
      decimals: 3,
      runbook: "EngineCandleCompletenessBudgetBurn",
      queries: [
        {
          expr: `${had} / (${had} + ${missed})`,
        },
      ],
      steps: atLeast(0.999),
      noValue: "no closes",
      width: 6,
    }),
    stat({
      title: "Chatty answered without error",
      about:
        "Requests of Chatty's paths that were answered by something else than 5xx. The objective is 99.9 %.",
      unit: "percentunit",
      decimals: 3,
      runbook: "EngineHttpErrorBudgetBurn",
      queries: [
        {
          expr: `${answered} / ${asked}`,
        },
      ],
      steps: atLeast(0.999),
      noValue: "not asked",
      width: 6,
    }),
  ],
};
