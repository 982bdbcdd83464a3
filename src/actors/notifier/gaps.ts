import type { Notification } from "../../market/notification.ts";
import type { OutboxEvent } from "../../store/outbox-port.ts";

/** More than this many are counted and not named. */
const MOST_NAMED = 8;

/** A fault of an exchange makes a gap in every series of it: people are told of it once. */
export function gapNotifications(events: readonly OutboxEvent[]): readonly Notification[] {
  const byExchange = new Map<string, OutboxEvent[]>();
  for (const event of events) {
    if (event.kind !== "gap-opened") continue;
    const exchange = event.subject.split(":")[0] ?? "";
    byExchange.set(exchange, [...(byExchange.get(exchange) ?? []), event]);
  }
  return [...byExchange].map(([exchange, gaps]) => told(exchange, gaps));
}

function told(exchange: string, gaps: readonly OutboxEvent[]): Notification {
  const series = [...new Set(gaps.map(({ subject }) => subject.slice(exchange.length + 1)))];
  const named = series.slice(0, MOST_NAMED).join(", ");
  const rest = series.length > MOST_NAMED ? ` and ${series.length - MOST_NAMED} more series` : "";
  const count = gaps.length === 1 ? "a candle is" : `${gaps.length} candles are`;
  return {
    key: `event/${gaps[0]?.id ?? 0}`,
    kind: "gap",
    severity: "warning",
    at: gaps[0]?.at ?? 0,
    body: `${exchange}: ${count} missing at the deadline, no signal will come from there: ${named}${rest}`,
  };
}
