import type { Database } from "../port.ts";
import type { RunStore } from "../run-port.ts";

/** A hub that is told to stop does not wait long for its last word. */
const LAST_WORD_MS = 3_000;

export function runStore(database: Database): RunStore {
  return {
    async start({ id, at, place, version, mode, road, lostAfterMs, strategies }) {
      await database.call("hub_run_start", {
        p_run: id,
        p_at: at,
        p_place: place,
        p_version: version,
        p_mode: mode,
        p_road: road,
        p_lost_after_ms: lostAfterMs,
        p_strategies: strategies,
      });
    },

    async keep(id, at) {
      await database.call("hub_run_keep", { p_run: id, p_at: at });
    },

    async end(id, at) {
      const limit = { timeoutMs: LAST_WORD_MS };
      await database.call("hub_run_end", { p_run: id, p_at: at }, limit);
    },
  };
}
