import type { Notification } from "../../market/notification.ts";
import type { OutboxEvent } from "../../store/outbox-port.ts";

/** More than this many are counted and not named. */
const MOST_NAMED = 8;
const MINUTE_MS = 60_000;

/** A fault of an exchange makes a gap in every series of it: people are told of those of a minute together. */
export function gapNotifications(events: readonly OutboxEvent[]): readonly Notification[] {
  const together = new Map<string, OutboxEvent[]>();
  for (const event of events) {
    if (event.kind !== "gap-opened") continue;
    const minute = Math.floor(event.at / MINUTE_MS);
    const key = `${exchangeOf(event)} ${minute}`;
    together.set(key, [...(together.get(key) ?? []), event]);
  }
  return [...together.values()].map(told);
}

function exchangeOf({ subject }: OutboxEvent): string {
  return subject.split(":")[0] ?? "";
}

function told(gaps: readonly OutboxEvent[]): Notification {
  const exchange = gaps[0] === undefined ? "" : exchangeOf(gaps[0]);
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
