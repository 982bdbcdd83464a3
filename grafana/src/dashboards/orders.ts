import type { Row } from "../kit/board.ts";
import { bars, free, lines } from "../kit/kinds.ts";
import { EXCHANGE, max, PORTFOLIO, pick, quantile, rate, sum } from "../kit/query.ts";
import { atMost } from "../kit/steps.ts";

const FED = [EXCHANGE, PORTFOLIO];

/** What was sent to the broker, and what came back. */
export const orders: Row = {
  title: "How are orders filled?",
  panels: [
    bars({
      title: "Orders by the state they reached",
      about:
        "Unknown: the broker's answer was lost; it is asked until it says what became of the order.",
      unit: "short",
      runbook: "EngineOrderUnconfirmed",
      queries: [
        {
          expr: `sum by (status) (increase(${pick("engine_orders_total", ...FED)}[$__rate_interval]))`,
          legend: "{{status}}",
        },
      ],
      width: 8,
    }),
    lines({
      title: "Open orders",
      about: "Sent and not at their end yet. Market orders stay here for a moment only.",
      unit: "short",
      runbook: "EngineOrderUnconfirmed",
      queries: [
        {
          expr: sum("exchange, portfolio", pick("engine_orders_open", ...FED)),
          legend: "{{exchange}} {{portfolio}}",
        },
      ],
      width: 8,
    }),
    lines({
      title: "Oldest order in doubt",
      about:
        "How long the outcome of an order has been unknown. Its pair takes no other order until then.",
      unit: "s",
      runbook: "EngineOrderUnconfirmed",
      queries: [
        {
          expr: max("exchange", pick("engine_orders_oldest_unconfirmed_seconds", EXCHANGE)),
          legend: "{{exchange}}",
        },
      ],
      steps: atMost(30, 60),
      limits: true,
      width: 8,
    }),
    lines({
      title: "Sent to acknowledged",
      about: "95 of a hundred orders were answered by the broker within this time.",
      unit: "s",
      runbook: "EngineOrderUnconfirmed",
      queries: [
        {
          expr: quantile(0.95, "exchange", "engine_order_ack_duration_seconds", EXCHANGE),
          legend: "p95 {{exchange}}",
        },
      ],
      width: 8,
    }),
    lines({
      title: "Slippage against us",
      about:
        "95 of a hundred fills were at most this much worse than the price that was planned with.",
      unit: "percentunit",
      runbook: "EngineSlippageHigh",
      queries: [
        {
          expr: quantile(0.95, "exchange", "engine_fill_slippage_ratio", EXCHANGE),
          legend: "p95 {{exchange}}",
        },
      ],
      width: 8,
    }),
    free({
      title: "Slippage, better and worse together",
      about: "The mean of all fills since the start; above 0, fills were worse than planned.",
      unit: "percentunit",
      runbook: "EngineSlippageHigh",
      queries: [
        {
          expr: max("exchange", pick("engine_fill_slippage_signed_mean_ratio", EXCHANGE)),
          legend: "{{exchange}}",
        },
      ],
      width: 8,
    }),
    bars({
      title: "Fills",
      about: "By portfolio and side.",
      unit: "short",
      runbook: "EngineOrderUnconfirmed",
      queries: [
        {
          expr: `sum by (portfolio, side) (increase(${pick("engine_fills_total", ...FED)}[$__rate_interval]))`,
          legend: "{{portfolio}} {{side}}",
        },
      ],
      width: 12,
    }),
    lines({
      title: "Fees paid",
      about: "In quote currency, at the pace of an hour.",
      unit: "short",
      runbook: "EngineSlippageHigh",
      queries: [
        {
          expr: sum("portfolio, quote", rate("engine_fees_quote_total", PORTFOLIO)) + " * 3600",
          legend: "{{portfolio}}, {{quote}} an hour",
        },
      ],
      width: 12,
    }),
  ],
};
