import type { Row } from "../kit/board.ts";
import { bars, lines, stat } from "../kit/kinds.ts";
import { PORTFOLIO, pick, quantile, rate, share, sum } from "../kit/query.ts";
import { atLeast, atMost } from "../kit/steps.ts";

const LATENCY = "engine_decision_duration_seconds";

/** Raw signals and what the gatekeeper makes of them. */
export const signals: Row = {
  title: "What is signalled, and why is it refused?",
  panels: [
    bars({
      title: "Signals",
      about: "Raised by each strategy, before anybody judged them.",
      unit: "short",
      runbook: "EngineNoVerdicts",
      queries: [
        {
          expr: `sum by (strategy, side) (increase(${pick("engine_signals_total")}[$__rate_interval]))`,
          legend: "{{strategy}} {{side}}",
        },
      ],
      width: 8,
    }),
    bars({
      title: "Verdicts",
      about: "Accepted ones go to the trader at once.",
      unit: "short",
      runbook: "EngineNoVerdicts",
      queries: [
        {
          expr: `sum by (decision) (increase(${pick("engine_verdicts_total")}[$__rate_interval]))`,
          legend: "{{decision}}",
        },
      ],
      width: 8,
    }),
    lines({
      title: "Checks that refused",
      about:
        "A signal counts once for each check that it failed. docs/gatekeeper.md explains each.",
      unit: "cps",
      stacked: true,
      runbook: "EngineNoVerdicts",
      queries: [
        { expr: sum("reason", rate("engine_rejections_total", PORTFOLIO)), legend: "{{reason}}" },
      ],
      width: 8,
    }),
    stat({
      title: "Verdicts within 250 ms",
      about:
        "From the candle in hand to the verdict stored, over the time shown. The objective is 99 %.",
      unit: "percentunit",
      decimals: 2,
      runbook: "EngineDecisionLatencyBudgetBurn",
      queries: [{ expr: share("0.25", LATENCY) }],
      steps: atLeast(0.99),
      noValue: "no verdicts",
      width: 6,
      height: 7,
    }),
    lines({
      title: "From the candle to the verdict",
      about: "Half and 99 of a hundred verdicts.",
      unit: "s",
      runbook: "EngineDecisionLatencyBudgetBurn",
      queries: [
        { expr: quantile(0.5, "", LATENCY), legend: "p50" },
        { expr: quantile(0.99, "", LATENCY), legend: "p99" },
      ],
      steps: atMost(0.25, 1),
      limits: true,
      width: 18,
    }),
  ],
};
