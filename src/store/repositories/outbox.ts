import type { OutboxEvent, OutboxStore } from "../outbox-port.ts";
import type { Database } from "../port.ts";
import { listOf, numberIn, numberOf, rowOf, textIn } from "./parse.ts";

/** Facts are also added while a hub stops, which does not wait long for them. */
const ADD_LIMIT_MS = 3_000;

export function outboxStore(database: Database): OutboxStore {
  return {
    async after(id, limit) {
      const args = { p_after: id, p_limit: limit };
      return listOf(await database.call("hub_outbox_after", args), eventOf);
    },

    async add(events) {
      if (events.length === 0) return 0;
      const limit = { timeoutMs: ADD_LIMIT_MS };
      return numberOf(await database.call("hub_outbox_add", { p_events: events }, limit));
    },
  };
}

function eventOf(value: unknown): OutboxEvent {
  const row = rowOf(value);
  return {
    id: numberIn(row, "id"),
    at: numberIn(row, "at"),
    kind: textIn(row, "kind"),
    subject: textIn(row, "subject"),
    payload: rowOf(row["payload"]),
  };
}
