import { isScope, scopeKey } from "../../market/halt.ts";
import type { Notification } from "../../market/notification.ts";
import type { OutboxEvent } from "../../store/outbox-port.ts";
import { gapNotifications } from "./gaps.ts";

type Words = Pick<Notification, "kind" | "severity" | "body">;
type Say = (say: (field: string) => string) => Words | undefined;

/** Facts that people are told of, in their words. What is not here is told to nobody. */
const SAYINGS: Readonly<Record<string, Say>> = {
  "trading-halted": (the) => ({
    kind: "halt",
    severity: "critical",
    body: `${haltWords(the)} by ${the("by")}: ${the("reason")}`,
  }),
  "trading-resumed": (the) => ({
    kind: "halt",
    severity: "info",
    body: `${partOf(the) ?? "Buying"} goes on again, says ${the("by")}`,
  }),
  "actor-parked": (the) => ({
    kind: "actor",
    severity: "critical",
    body: `${the("actor")} failed too often and stays down: ${the("reason")}`,
  }),
  "actor-escalated": (the) => ({
    kind: "actor",
    severity: "critical",
    body: `${the("actor")} gave up, and what stands above it fails in turn: ${the("reason")}`,
  }),
  "order-changed": (the) => orderWords(the),
  "order-filled": (the) => ({
    kind: "fill",
    severity: "info",
    body: `${the("exchange")}: ${the("side")} ${the("quantity")} ${the("pair")} filled at ${the("price")}, fee ${the("fee")}`,
  }),
  "position-closed": (the) => ({
    kind: "position",
    severity: "info",
    body: `${the("exchange")}: position in ${the("pair")} closed, result ${the("pnl")}`,
  }),
  "quotes-lost": (the) => ({
    kind: "quotes",
    severity: "critical",
    body: `${the("exchange")}: ${the("pair")} is held and has no quote: neither stop nor target can be reached`,
  }),
  "quotes-back": (the) => ({
    kind: "quotes",
    severity: "info",
    body: `${the("exchange")}: ${the("pair")} has quotes again`,
  }),
  "store-changed": (the) =>
    the("state") === "ok"
      ? { kind: "store", severity: "info", body: "The database is back" }
      : { kind: "store", severity: "critical", body: `The database was away: ${the("reason")}` },
  "vault-changed": (the) =>
    the("state") === "ok"
      ? { kind: "vault", severity: "info", body: "The vault serves again" }
      : { kind: "vault", severity: "warning", body: `The vault does not serve: ${the("reason")}` },
  "ledger-broken": (the) => ({
    kind: "ledger",
    severity: "critical",
    body: `The ledger of secrets is ALTERED at line ${the("line")}: ${the("reason")}`,
  }),
  "ledger-unread": (the) => ({
    kind: "ledger",
    severity: "warning",
    body: `Whether the ledger of secrets is whole is not known: ${the("reason")}`,
  }),
  "lease-lost": (the) => ({
    kind: "lease",
    severity: "warning",
    body: `This hub lost the lease ${the("lease")}: ${the("reason")}`,
  }),
  "configuration-refused": (the) => ({
    kind: "configuration",
    severity: "warning",
    body: `Strategy configuration ${the("config")} version ${the("version")} is refused: ${the("reason")}`,
  }),
};

/** What people are told of some events, in their order; gaps of one time are told together. */
export function choose(events: readonly OutboxEvent[]): readonly Notification[] {
  const told = events.flatMap(({ id, at, kind, payload }) => {
    const words = SAYINGS[kind]?.((field) => wordsOf(payload[field]));
    return words === undefined ? [] : [{ key: `event/${id}`, at, ...words }];
  });
  return [...told, ...gapNotifications(events)].toSorted((a, b) => a.at - b.at);
}

function orderWords(the: (field: string) => string): Words | undefined {
  const what = `${the("exchange")}: ${the("side")} ${the("pair")}`;
  switch (the("state")) {
    case "unknown": {
      const body = `${what}: the answer to the order was lost; the exchange is asked until it says`;
      return { kind: "order", severity: "critical", body };
    }
    case "rejected":
      return { kind: "order", severity: "warning", body: `${what} was rejected: ${the("reason")}` };
    default:
      return undefined;
  }
}

/** What a halt is about where that is not everything; a halt of old does not say. */
function partOf(the: (field: string) => string): string | undefined {
  const scope = the("scope");
  return scope === "global" || scope === "unknown" ? undefined : scope;
}

/** What a halt does, in the words of people. */
function haltWords(the: (field: string) => string): string {
  const part = partOf(the);
  const where = part === undefined ? "" : ` of ${part}`;
  switch (the("mode")) {
    case "no-entries":
      return `Opening of positions${where} is halted`;
    case "flatten":
      return `Everything held${where} is sold, and buying halted,`;
    case "quarantine":
      return `All trading${where} is halted`;
    default:
      return `Buying${where} is halted`;
  }
}

function wordsOf(value: unknown): string {
  if (isScope(value)) return scopeKey(value);
  return typeof value === "string" || typeof value === "number" ? String(value) : "unknown";
}
