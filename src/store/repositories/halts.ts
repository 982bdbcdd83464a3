import { HALT_CAUSES, HALT_MODES, type Halt, type HaltScope, isScope } from "../../market/halt.ts";
import { StoreFailure } from "../errors.ts";
import type { Database } from "../port.ts";
import type { TradeStore } from "../trade-port.ts";
import { flagOf, listOf, numberIn, numberOf, rowOf, textIn, wordIn } from "./parse.ts";

export type HaltStore = Pick<TradeStore, "halt" | "resume" | "halts">;

export function haltStore(database: Database): HaltStore {
  return {
    async halt({ scope, mode, cause, by, reason }, at) {
      const args = {
        p_scope: scope,
        p_mode: mode,
        p_cause: cause,
        p_by: by,
        p_reason: reason,
        p_at: at,
      };
      const answer = rowOf(await database.call("hub_halt", args));
      return { before: flagOf(answer["before"]), changed: flagOf(answer["changed"]) };
    },

    async resume(scope, by, at, cause) {
      const only = cause === undefined ? {} : { p_cause: cause };
      const args = { p_scope: scope, p_by: by, p_at: at, ...only };
      return numberOf(await database.call("hub_resume", args));
    },

    async halts() {
      return haltsOf(await database.call("hub_halts", {}));
    },
  };
}

/** Reads the halts that stand. */
export function haltsOf(value: unknown): readonly Halt[] {
  return listOf(value, (item) => {
    const row = rowOf(item);
    return {
      scope: scopeOf(row["scope"]),
      mode: wordIn(row, "mode", HALT_MODES),
      cause: wordIn(row, "cause", HALT_CAUSES),
      by: textIn(row, "by"),
      reason: textIn(row, "reason"),
      at: numberIn(row, "at"),
    };
  });
}

function scopeOf(value: unknown): HaltScope {
  if (isScope(value)) return value;
  throw new StoreFailure("refused", "unexpected-answer", "expected what a halt is about");
}
