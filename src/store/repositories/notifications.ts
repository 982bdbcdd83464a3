import { NOTIFICATION_KINDS, SEVERITIES } from "../../market/notification.ts";
import type { Delivery, KeptNotification, NotificationStore } from "../notification-port.ts";
import type { Database } from "../port.ts";
import { flagOf, listOf, numberIn, numberOf, rowOf, textIn, textOf, wordIn } from "./parse.ts";

export function notificationStore(database: Database): NotificationStore {
  return {
    async place() {
      return numberOf(await database.call("hub_notify_place", {}));
    },

    async add(rows, read) {
      const p_rows = rows.map(({ channel, key, kind, severity, at, body }) => ({
        channel,
        key,
        kind,
        severity,
        at,
        body,
      }));
      const place = read === undefined ? {} : { p_from: read.from, p_upto: read.upTo };
      return flagOf(await database.call("hub_notify_add", { p_rows, ...place }));
    },

    async claim(channel, claim, { limit, holdMs, patienceMs }) {
      const terms = { p_limit: limit, p_hold_ms: holdMs, p_patience_ms: patienceMs };
      const args = { p_channel: channel, p_claim: claim, ...terms };
      const row = rowOf(await database.call("hub_notify_claim", args));
      return { taken: listOf(row["taken"], notificationOf), dropped: numberIn(row, "dropped") };
    },

    async done(claim, ids, delivery) {
      const args = { p_claim: claim, p_ids: ids, ...argsOf(delivery) };
      await database.call("hub_notify_done", args);
    },

    async waiting() {
      const row = rowOf(await database.call("hub_notify_waiting", {}));
      return Object.fromEntries(Object.keys(row).map((name) => [name, numberIn(row, name)]));
    },

    async list(limit, before) {
      const args = { p_limit: limit, ...(before === undefined ? {} : { p_before: before }) };
      return listOf(await database.call("hub_notifications", args), notificationOf);
    },
  };
}

function argsOf(delivery: Delivery) {
  switch (delivery.kind) {
    case "sent":
      return { p_state: "sent", p_wait_ms: 0 };
    case "again":
      return { p_state: "waiting", p_wait_ms: delivery.waitMs, p_error: delivery.error };
    case "dropped":
      return { p_state: "dropped", p_wait_ms: 0, p_error: delivery.error };
  }
}

function notificationOf(value: unknown): KeptNotification {
  const row = rowOf(value);
  const error = row["error"];
  return {
    id: numberIn(row, "id"),
    channel: textIn(row, "channel"),
    key: textIn(row, "key"),
    kind: wordIn(row, "kind", NOTIFICATION_KINDS),
    severity: wordIn(row, "severity", SEVERITIES),
    at: numberIn(row, "at"),
    body: textIn(row, "body"),
    state: wordIn(row, "state", ["waiting", "sent", "dropped"]),
    attempts: numberIn(row, "attempts"),
    ageMs: numberIn(row, "ageMs"),
    error: error === null ? null : textOf(error),
  };
}
