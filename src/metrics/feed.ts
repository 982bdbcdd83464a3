import type { Recorded } from "../market/events.ts";
import type { Series } from "../market/series.ts";
import type { CandleMetrics } from "./candles.ts";
import type { DecisionMetrics } from "./decisions.ts";
import type { GapMetrics } from "./gaps.ts";
import type { OrderMetrics } from "./orders.ts";
import type { Ownership } from "./ownership.ts";
import type { PollMetrics } from "./polls.ts";
import type { PortfolioMetrics } from "./portfolio.ts";

/** The groups that hub events feed. */
export interface Groups {
  readonly candles: CandleMetrics;
  readonly gaps: GapMetrics;
  readonly polls: PollMetrics;
  readonly decisions: DecisionMetrics;
  readonly orders: OrderMetrics;
  readonly portfolio: PortfolioMetrics;
  readonly ownership: Ownership;
}

/** Starts every counter of a series' exchange and timeframe at zero. */
export function know({ candles, gaps, polls }: Groups, series: Series): void {
  candles.know(series);
  gaps.know(series);
  polls.know(series);
}

/** Hands an event to the groups that count it. */
export function feed(groups: Groups, { at, event }: Recorded): void {
  const { candles, gaps, polls, decisions, orders, portfolio, ownership } = groups;
  switch (event.kind) {
    case "candle-saved":
      know(groups, event.series);
      candles.stored(event.series, event.source, 1);
      candles.newest(event.series, event.openTime);
      polls.settled(event.series, event.openTime);
      if (event.novelty === "new" && (event.source === "poll" || event.source === "retry")) {
        candles.late(event.series, at - event.closeTime);
      }
      return;
    case "history-saved":
      know(groups, event.series);
      candles.stored(event.series, event.source, event.count);
      return candles.newest(event.series, event.newestOpenTime);
    case "poll-finished":
      know(groups, event.series);
      if (event.outcome === "corrupt") candles.rejected(event.series);
      return polls.finished(event.series, event.outcome, event.attempt, event.durationMs);
    case "retry-pending":
      return polls.waiting(event.series, event.openTime);
    case "gap-opened":
      know(groups, event.series);
      polls.settled(event.series, event.openTime);
      return gaps.opened(event.series, event.openTime);
    case "gap-healed":
    case "gap-confirmed-empty":
      polls.settled(event.series, event.openTime);
      return gaps.closed(event.series, event.openTime, event.kind === "gap-healed");
    case "signal-raised":
      return decisions.raised(event.strategy, event.side);
    case "verdict-given":
      decisions.decided(event.strategy, event.latencyMs);
      return decisions.refused(ownership.of(event.series), event.reasons);
    case "order-changed":
      return orders.changed({ ...event, at, portfolio: ownership.of(event) });
    case "order-filled":
      return orders.filled({ ...event, portfolio: ownership.of(event) });
    case "trading-halted":
      return portfolio.halted(event);
    case "trading-resumed":
      return portfolio.halted(null);
    case "series-added":
      return know(groups, event.series);
    case "series-removed":
      candles.forget(event.series);
      polls.forget(event.series);
      return gaps.forget(event.series);
    // The kit itself reports actors, the store's adapter its calls, the account its results.
    case "actor-restarted":
    case "actor-parked":
    case "actor-escalated":
    case "store-changed":
    case "position-closed":
    // Whoever tells this hands in the portfolios anew.
    case "portfolio-saved":
  }
}
