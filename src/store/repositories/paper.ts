import type { PaperLedger } from "../../exchanges/paper/ledger.ts";
import type { OrderOutcome } from "../../exchanges/port.ts";
import type { Database } from "../port.ts";
import { fillOf } from "./orders.ts";
import { listOf, moneyIn, optional, rowOf, textIn, wordIn } from "./parse.ts";

const KINDS: readonly OrderOutcome["kind"][] = ["accepted", "rejected", "unknown"];
const STATES = ["open", "filled", "cancelled"] as const;

/** The paper venue's own memory in the database. */
export function paperLedger(database: Database): PaperLedger {
  return {
    async keep(order, outcome, at) {
      const args = { p_order: order, p_outcome: outcome, p_at: at };
      return outcomeOf(await database.call("hub_paper_keep", args));
    },

    async find(clientOrderId) {
      const found = await database.call("hub_paper_find", { p_client_order_id: clientOrderId });
      return found === null ? undefined : outcomeOf(found);
    },

    async holdings() {
      return listOf(await database.call("hub_paper_holdings", {}), (item) => {
        const row = rowOf(item);
        return {
          exchange: textIn(row, "exchange"),
          pair: textIn(row, "pair"),
          quantity: moneyIn(row, "quantity"),
        };
      });
    },
  };
}

function outcomeOf(value: unknown): OrderOutcome {
  const row = rowOf(value);
  const kind = wordIn(row, "kind", KINDS);
  if (kind !== "accepted") return { kind, reason: textIn(row, "reason") };
  return {
    kind,
    state: wordIn(row, "state", STATES),
    fills: listOf(row["fills"], (fill) => fillOf(rowOf(fill))),
    ...optional(row, "reason", textIn),
  };
}
