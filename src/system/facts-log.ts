import type { Logger } from "pino";
import type { HubEvent } from "../market/events.ts";
import { scopeKey } from "../market/halt.ts";
import { type Series, seriesKey } from "../market/series.ts";
import type { KitEvent } from "../runtime/spec.ts";
import { TRADER_LEASE } from "../store/lease-port.ts";

/** A fact as people read it. */
interface Line {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly actor: string;
  readonly text: string;
}

type Kind = HubEvent["kind"];
/** The event of a kind; some share their shape with others. */
type Of<K extends Kind, E = HubEvent> = E extends { readonly kind: infer EK }
  ? K extends EK
    ? E
    : never
  : never;

const utc = (ms: number): string => new Date(ms).toISOString();
const line = (level: Line["level"], actor: string, text: string): Line => ({ level, actor, text });

const gapLine = (what: string, event: { series: Series; openTime: number }): Line =>
  line("warn", "harvester", `${seriesKey(event.series)} ${what}: ${utc(event.openTime)}`);
const actorLine = (what: string, event: { actor: string; reason: string }): Line =>
  line("warn", event.actor, `${event.actor} ${what}: ${event.reason}`);
const leaseLine = (what: string, { kind, lease }: { kind: Kind; lease: string }): Line => {
  const actor = lease === TRADER_LEASE ? "trader" : "commander";
  return line(kind === "lease-lost" ? "warn" : "info", actor, `lease ${lease} ${what}`);
};
const haltLine = (what: string, event: Of<"trading-halted" | "trading-resumed">): Line => {
  const { scope, mode, cause, by, reason } = event;
  const actor = cause === "operator" ? "gatekeeper" : "trader";
  return line("warn", actor, `trading ${what}: ${scopeKey(scope)} (${mode}) by ${by}: ${reason}`);
};

/** One sentence for each kind of fact; a new kind does not compile without one. */
const SENTENCES: { readonly [K in Kind]: (event: Of<K>) => Line } = {
  "candle-saved": (e) =>
    line(
      "info",
      "architect",
      `${seriesKey(e.series)} candle ${utc(e.openTime)} saved (${e.novelty})`,
    ),
  "history-saved": (e) => {
    const upTo = utc(e.newestOpenTime);
    return line(
      "info",
      "architect",
      `${seriesKey(e.series)} history: ${e.count} candles up to ${upTo}`,
    );
  },
  "poll-finished": (e) =>
    line("debug", "harvester", `${seriesKey(e.series)} poll ${e.attempt}: ${e.outcome}`),
  "retry-pending": (e) => gapLine(`is PENDING_RETRY (${e.reason})`, e),
  "gap-opened": (e) => gapLine("gap opened, its signal is discarded", e),
  "gap-healed": (e) => gapLine("gap healed", e),
  "gap-confirmed-empty": (e) => gapLine("the exchange has no candle", e),
  "signal-raised": (e) =>
    line("info", "analyst", `${seriesKey(e.series)} ${e.strategy} says ${e.side} at ${e.price}`),
  "verdict-given": (e) => {
    const why = e.decision === "refused" ? `: ${e.reasons.join(", ")}` : "";
    const what = `${seriesKey(e.series)} ${e.strategy} ${e.side} ${e.decision}${why}`;
    return line("info", "gatekeeper", what);
  },
  "order-changed": (e) => {
    const why = e.reason === undefined ? "" : `: ${e.reason}`;
    return line("info", "trader", `${e.side} ${e.pair} is ${e.state}${why}`);
  },
  "order-filled": (e) =>
    line("info", "trader", `${e.side} ${e.quantity} ${e.pair} at ${e.price}, fee ${e.fee}`),
  "position-closed": (e) =>
    line("info", "trader", `position in ${e.pair} closed by ${e.origin}, result ${e.pnl}`),
  "quotes-lost": (e) =>
    line(
      "error",
      "trader",
      `${e.exchange}:${e.pair} is held and has no quote: neither stop nor target can be reached`,
    ),
  "quotes-back": (e) => line("info", "trader", `${e.exchange}:${e.pair} has quotes again`),
  "trading-halted": (e) => haltLine("halted", e),
  "trading-resumed": (e) => haltLine("resumed", e),
  "books-not-compared": (e) =>
    line("warn", "trader", `books and broker could not be compared: ${e.reason}`),
  "books-compared": (e) =>
    line(
      e.mismatches > 0 ? "error" : "debug",
      "trader",
      `books and broker were compared: ${e.positions} positions, ${e.orders} open orders, ${e.mismatches} do not agree`,
    ),
  "series-added": (e) =>
    line("info", "commander", `${seriesKey(e.series)} is followed from now on`),
  "series-removed": (e) =>
    line("info", "commander", `${seriesKey(e.series)} is no longer followed`),
  "portfolio-saved": (e) => line("info", "commander", `portfolio ${e.portfolio} saved`),
  "watchlist-changed": () => line("debug", "commander", "the watchlist has changed"),
  "lease-gained": (e) => leaseLine(`is held from now on, epoch ${e.epoch}`, e),
  "lease-lost": (e) => leaseLine(`is lost: ${e.reason}`, e),
  "lease-held-elsewhere": (e) => leaseLine(`is held by ${e.by}: this hub is a standby for it`, e),
  "store-changed": (e) =>
    e.state === "ok"
      ? line("info", "architect", "the database is back")
      : line("error", "architect", `the database is away: ${e.reason}`),
  "configuration-changed": (e) => {
    const parts = (["started", "changed", "stopped"] as const)
      .filter((what) => e[what].length > 0)
      .map((what) => `${what} ${e[what].join(", ")}`);
    return line("info", "hub", `strategies by ${e.origin}: ${parts.join("; ")}`);
  },
  "configuration-refused": (e) =>
    line("warn", "hub", `configuration ${e.config} version ${e.version} is refused: ${e.reason}`),
  "vault-changed": (e) =>
    e.state === "ok"
      ? line("info", "sentinel", "the vault serves")
      : line("warn", "sentinel", `the vault does not serve: ${e.reason}`),
  "secret-asked": (e) => {
    const level = e.outcome === "granted" ? "debug" : "warn";
    const why = e.reason === undefined ? "" : `: ${e.reason}`;
    return line(level, "sentinel", `${e.who} asked for ${e.secret}: ${e.outcome}${why}`);
  },
  "secret-revoked": (e) =>
    line("info", "sentinel", `${e.secret} has changed: leases of the old value are void`),
  "ledger-verified": (e) =>
    line("info", "sentinel", `the ledger of secrets is whole: ${e.lines} lines`),
  "ledger-broken": (e) =>
    line("error", "sentinel", `the ledger of secrets is ALTERED at line ${e.line}: ${e.reason}`),
  "ledger-unread": (e) =>
    line("error", "sentinel", `whether the ledger of secrets is whole is not known: ${e.reason}`),
  "old-rows-removed": (e) => {
    const what = Object.entries(e.removed).map(([name, rows]) => `${rows} ${name}`);
    return line("info", "architect", `old rows removed: ${what.join(", ")}`);
  },
  "upkeep-failed": (e) =>
    line("warn", "architect", `upkeep of the database: ${e.chore} failed: ${e.reason}`),
  "actor-restarted": (e) => actorLine("is started again", e),
  "actor-parked": (e) => actorLine("is parked", e),
  "actor-escalated": (e) => actorLine("gave up, its owner fails in turn", e),
};

/** Writes the facts that people follow a hub by. */
export function logEvent(log: Logger, event: HubEvent): void {
  const sentence = SENTENCES[event.kind] as (event: HubEvent) => Line;
  const { level, actor, text } = sentence(event);
  const ids = {
    ...(event.traceId === undefined ? {} : { traceId: event.traceId }),
    ...("signalId" in event ? { signal: event.signalId } : {}),
    ...("clientOrderId" in event ? { order: event.clientOrderId } : {}),
  };
  log[level]({ actor, ...ids }, text);
}

/** Turns what the kit reports about actors into facts; the cause of a failure goes to the log alone. */
export function kitFact(log: Logger, event: KitEvent): HubEvent | undefined {
  switch (event.kind) {
    case "restarting": {
      const { actor, reason, waitMs, error: err } = event;
      log.debug({ actor, err, waitMs: Math.round(waitMs) }, `${actor} failed`);
      return { kind: "actor-restarted", actor, reason };
    }
    case "parked":
      return { kind: "actor-parked", actor: event.actor, reason: event.reason };
    case "escalated":
      return { kind: "actor-escalated", actor: event.actor, reason: event.reason };
    case "dead-letter": {
      const { actor, topic, reason } = event;
      log.warn({ actor, topic }, `dead letter for ${actor}: ${topic} (${reason})`);
      return undefined;
    }
    case "started":
    case "stopped":
      log.debug({ actor: event.actor }, `${event.actor} ${event.kind}`);
      return undefined;
    case "handled":
    case "beat":
      return undefined;
  }
}
