import type { PaperLedger } from "../../src/exchanges/paper/ledger.ts";
import type { Holding, OrderOutcome } from "../../src/exchanges/port.ts";
import { decimal, text } from "../../src/market/decimal.ts";

/** The paper venue's memory without a database; passes the same promises as the real one. */
export function paperLedgerInMemory(): PaperLedger {
  const outcomes = new Map<string, OrderOutcome>();
  const holdings = new Map<string, Holding>();
  return {
    async keep(order, outcome) {
      await Promise.resolve();
      const before = outcomes.get(order.clientOrderId);
      if (before !== undefined) return before;
      outcomes.set(order.clientOrderId, outcome);
      const { exchange, pair, side } = order;
      for (const fill of outcome.kind === "accepted" ? outcome.fills : []) {
        const held = decimal(holdings.get(`${exchange} ${pair}`)?.quantity ?? "0");
        const moved = decimal(fill.quantity);
        const quantity = text(side === "buy" ? held.plus(moved) : held.minus(moved));
        holdings.set(`${exchange} ${pair}`, { exchange, pair, quantity });
      }
      return outcome;
    },
    async find(clientOrderId) {
      await Promise.resolve();
      return outcomes.get(clientOrderId);
    },
    async holdings() {
      await Promise.resolve();
      return [...holdings.values()].filter(({ quantity }) => !decimal(quantity).isZero());
    },
  };
}
