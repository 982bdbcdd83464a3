import type { HubEvent, Recorded } from "../market/events.ts";
import type { Portfolio } from "../market/portfolio.ts";
import { assetsOf, type Series } from "../market/series.ts";
import { exchangeLease } from "../store/lease-port.ts";
import type { Groups } from "./groups.ts";

/** Starts every counter of a series' exchange and timeframe at zero. */
export function know({ candles, gaps, polls }: Groups, series: Series): void {
  candles.know(series);
  gaps.know(series);
  polls.know(series);
}

/** Starts the counters of all that is followed at zero, and remembers whose it is. */
export function knowPortfolios(
  groups: Groups,
  portfolios: readonly Portfolio[],
  checks: readonly string[],
): void {
  const { ownership, watched, decisions, orders, fills, holdings } = groups;
  ownership.set(portfolios);
  watched.set(portfolios);
  for (const { name, series } of portfolios) {
    decisions.know(name, checks);
    for (const one of series) {
      know(groups, one);
      orders.know(one.exchange, name, assetsOf(one.pair).quote);
      fills.know(one.exchange);
      holdings.know({ exchange: one.exchange, portfolio: name });
    }
  }
}

function candleSaved(
  groups: Groups,
  at: number,
  event: Extract<HubEvent, { kind: "candle-saved" }>,
): void {
  const { candles, polls } = groups;
  const { series, source, novelty, openTime, closeTime } = event;
  know(groups, series);
  candles.stored(series, source, 1);
  candles.newest(series, openTime);
  polls.settled(series, openTime);
  const isPolled = source === "poll" || source === "retry";
  if (novelty === "new" && isPolled) candles.late(series, at - closeTime);
}

function historySaved(
  groups: Groups,
  { series, source, count, newestOpenTime }: Extract<HubEvent, { kind: "history-saved" }>,
): void {
  know(groups, series);
  groups.candles.stored(series, source, count);
  groups.candles.newest(series, newestOpenTime);
}

function gapTold(
  groups: Groups,
  event: Extract<HubEvent, { kind: "gap-opened" | "gap-healed" | "gap-confirmed-empty" }>,
): void {
  const { gaps, polls } = groups;
  const { kind, series, openTime } = event;
  polls.settled(series, openTime);
  if (kind !== "gap-opened") return gaps.closed(series, openTime, kind === "gap-healed");
  know(groups, series);
  gaps.opened(series, openTime);
}

function pollFinished(
  groups: Groups,
  { series, outcome, attempt, durationMs }: Extract<HubEvent, { kind: "poll-finished" }>,
): void {
  know(groups, series);
  if (outcome === "corrupt") groups.candles.rejected(series);
  groups.polls.finished(series, outcome, attempt, durationMs);
}

function leaseTold(
  groups: Groups,
  { kind, lease }: Extract<HubEvent, { kind: "lease-gained" | "lease-lost" }>,
): void {
  groups.leases.changed(lease, kind === "lease-gained" ? "gained" : "lost");
  if (kind === "lease-lost") standBy(groups, lease);
}

/** What nobody follows any more is neither late nor missing. */
function forget({ candles, gaps, polls }: Groups, series: Series): void {
  candles.forget(series);
  polls.forget(series);
  gaps.forget(series);
}

/** What another hub polls from now on must not look stale here. */
function standBy({ candles, polls, ownership }: Groups, lease: string): void {
  for (const series of ownership.series) {
    if (exchangeLease(series.exchange) !== lease) continue;
    candles.forget(series);
    polls.forget(series);
  }
}

function verdictGiven(
  { decisions, ownership }: Groups,
  { series, strategy, decision, reasons, latencyMs }: Extract<HubEvent, { kind: "verdict-given" }>,
): void {
  decisions.decided(strategy, decision, latencyMs);
  decisions.refused(ownership.of(series), reasons);
}

function orderFilled(
  { fills, orders, ownership }: Groups,
  event: Extract<HubEvent, { kind: "order-filled" }>,
): void {
  fills.filled(event);
  orders.filled({ ...event, portfolio: ownership.of(event) });
}

/** Hands an event to the groups that count it. */
export function feed(groups: Groups, { at, event }: Recorded): void {
  const { polls, decisions, orders, portfolio, ownership, vault } = groups;
  switch (event.kind) {
    case "candle-saved":
      return candleSaved(groups, at, event);
    case "history-saved":
      return historySaved(groups, event);
    case "poll-finished":
      return pollFinished(groups, event);
    case "retry-pending":
      return polls.waiting(event.series, event.openTime);
    case "gap-opened":
    case "gap-healed":
    case "gap-confirmed-empty":
      return gapTold(groups, event);
    case "signal-raised":
      return decisions.raised(event.strategy, event.side);
    case "verdict-given":
      return verdictGiven(groups, event);
    case "order-changed":
      return orders.changed({ ...event, at, portfolio: ownership.of(event) });
    case "order-filled":
      return orderFilled(groups, event);
    case "trading-halted":
      return portfolio.raised(event);
    case "books-compared":
      return portfolio.compared(event);
    case "vault-changed":
    case "secret-asked":
    case "secret-revoked":
      return vault.told(event);
    case "ledger-verified":
    case "ledger-broken":
    case "ledger-unread":
      return groups.secrets.verified(event);
    case "lease-gained":
    case "lease-lost":
      return leaseTold(groups, event);
    case "series-added":
      return know(groups, event.series);
    case "series-removed":
      return forget(groups, event.series);
    case "trading-resumed":
    case "books-not-compared":
    case "configuration-changed":
    case "configuration-refused":
    // The kit itself reports actors, the account its results; the store and leases are read at each
    // scrape, and portfolios are handed in anew.
    case "actor-restarted":
    case "actor-parked":
    case "actor-escalated":
    case "position-closed":
    case "old-rows-removed":
    case "upkeep-failed":
    case "quotes-lost":
    case "quotes-back":
    case "store-changed":
    case "lease-held-elsewhere":
    case "watchlist-changed":
    case "portfolio-saved":
  }
}
