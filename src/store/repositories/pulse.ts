import type { Database, Json, PulseStore } from "../port.ts";
import { listOf, numberIn, numberOf, numberOrNull, rowOf, textIn } from "./parse.ts";

const LONG_CALL_MS = 120_000;

export function pulseStore(database: Database): PulseStore {
  return {
    async saveSnapshot(snapshot, at) {
      await database.call("hub_snapshot_save", { p_snapshot: snapshot, p_at: at });
    },

    async snapshot() {
      const answer = await database.call("hub_snapshot", {});
      return answer === null ? null : (rowOf(answer) as { readonly [key: string]: Json });
    },

    async ping(instance, status, at) {
      await database.call("hub_ping", { p_instance: instance, p_status: status, p_at: at });
    },

    async savePrices(quotes) {
      return numberOf(await database.call("hub_prices_save", { p_quotes: quotes }));
    },

    async audit({ at, who, what, detail }) {
      await database.call("hub_audit", { p_at: at, p_who: who, p_what: what, p_detail: detail });
    },

    async auditLog(limit, beforeId) {
      const args = { p_limit: limit, p_before: beforeId };
      return listOf(await database.call("hub_audit_log", args), (value) => {
        const row = rowOf(value);
        return {
          id: numberIn(row, "id"),
          at: numberIn(row, "at"),
          who: textIn(row, "who"),
          what: textIn(row, "what"),
          detail: row["detail"] as Json,
        };
      });
    },

    async verifyAudit() {
      const limit = { timeoutMs: LONG_CALL_MS };
      const row = rowOf(await database.call("hub_audit_verify", {}, limit));
      return { rows: numberIn(row, "rows"), broken: numberOrNull(row, "broken") };
    },
  };
}
