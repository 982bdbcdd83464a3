import { describe, expect, test } from "vitest";
import type { PaperLedger } from "../../../src/exchanges/paper/ledger.ts";
import type { OrderOutcome } from "../../../src/exchanges/port.ts";
import type { OrderRequest } from "../../../src/market/order.ts";
import { fill } from "../../kit/builders.ts";
import { MONDAY, request } from "../builders.ts";

/** An order of the paper venue, and what becomes of it when it is filled in two parts. */
function filled(id: string, over: Partial<OrderRequest> = {}): [OrderRequest, OrderOutcome] {
  const order = { ...request(id), exchange: "paper-land", pair: "PAP/USDT", ...over };
  const { clientOrderId, exchange, pair, side } = order;
  const part = (n: number, quantity: string) =>
    fill({ id: `${id}-${n}`, clientOrderId, exchange, pair, side, quantity });
  return [order, { kind: "accepted", state: "filled", fills: [part(1, "0.1"), part(2, "0.25")] }];
}

/** What a memory of the paper venue promises. */
export function paperPromises(opened: { readonly ledger: PaperLedger }): void {
  const held = async () =>
    (await opened.ledger.holdings())
      .filter(({ exchange }) => exchange === "paper-land")
      .map(({ pair, quantity }) => `${quantity} ${pair}`);

  describe("the paper venue's memory", () => {
    test("knows nothing of an order that never came", async () => {
      expect(await opened.ledger.find("nobody's")).toBeUndefined();
    });

    test("gives its word once, and moves its holdings once", async () => {
      const [order, outcome] = filled("p-1");
      const other: OrderOutcome = { kind: "rejected", reason: "too late" };

      expect(await opened.ledger.keep(order, outcome, MONDAY)).toEqual(outcome);
      expect(await opened.ledger.keep(order, other, MONDAY + 1)).toEqual(outcome);

      expect(await opened.ledger.find(order.clientOrderId)).toEqual(outcome);
      expect(await held()).toEqual(["0.35 PAP/USDT"]);
    });

    test("holds what was bought and not sold, and no pair of which nothing is left", async () => {
      const [buy, bought] = filled("p-2", { pair: "ODD/USDT" });
      const [sell, sold] = filled("p-3", { pair: "ODD/USDT", side: "sell" });

      await opened.ledger.keep(buy, bought, MONDAY);
      expect(await held()).toEqual(expect.arrayContaining(["0.35 ODD/USDT"]));
      await opened.ledger.keep(sell, sold, MONDAY);

      expect((await held()).filter((one) => one.includes("ODD"))).toEqual([]);
    });

    test("moves nothing for an order that was refused, and tells why it was", async () => {
      const [order] = filled("p-4", { pair: "NOT/USDT" });
      const rejected: OrderOutcome = { kind: "rejected", reason: "below-min-notional" };

      await opened.ledger.keep(order, rejected, MONDAY);

      expect(await opened.ledger.find(order.clientOrderId)).toEqual(rejected);
      expect((await held()).filter((one) => one.includes("NOT"))).toEqual([]);
    });

    test("tells why a rest was cancelled", async () => {
      const [order, outcome] = filled("p-5", { pair: "RST/USDT" });
      const fills = outcome.kind === "accepted" ? outcome.fills.slice(0, 1) : [];
      const cut: OrderOutcome = { kind: "accepted", state: "cancelled", fills, reason: "no depth" };

      await opened.ledger.keep(order, cut, MONDAY);

      expect(await opened.ledger.find(order.clientOrderId)).toEqual(cut);
    });
  });
}
