import type { Fill, Order, OrderOrigin, OrderRequest, OrderState } from "../../market/order.ts";
import type { Side } from "../../market/signal.ts";
import type { Database } from "../port.ts";
import type { TradeStore } from "../trade-port.ts";
import {
  fenceArgs,
  flagOf,
  listOf,
  moneyIn,
  numberIn,
  optional,
  type Row,
  rowOf,
  seriesOf,
  textIn,
  textOf,
  wordIn,
} from "./parse.ts";

export const SIDES: readonly Side[] = ["buy", "sell"];

const ORIGINS: readonly OrderOrigin[] = ["signal", "stop-loss", "take-profit", "flatten"];

const STATES: readonly OrderState[] = [
  "created",
  "unknown",
  "open",
  "filled",
  "cancelled",
  "rejected",
];

export type OrderStore = Pick<
  TradeStore,
  "createOrder" | "settle" | "order" | "orders" | "fillIds" | "origin"
>;

export function orderStore(database: Database): OrderStore {
  return {
    async createOrder(order, at, fence) {
      const args = { p_order: order, p_at: at, ...fenceArgs(fence) };
      const answer = rowOf(await database.call("hub_order_create", args));
      return { order: orderOf(answer["order"]), created: flagOf(answer["created"]) };
    },

    async settle(change, fence) {
      const step = { p_step: change };
      if (fence === undefined) await database.call("hub_settle", step);
      else await database.call("hub_settle_held", { ...step, ...fenceArgs(fence) });
    },

    async order(clientOrderId) {
      const answer = await database.call("hub_order", { p_client_order_id: clientOrderId });
      return answer === null ? undefined : orderOf(answer);
    },

    async origin(id) {
      const answer = await database.call("hub_origin", { p_id: id });
      if (answer === null) return undefined;
      const row = rowOf(answer);
      return { series: seriesOf(row), openTime: numberIn(row, "openTime") };
    },

    async orders({ working, limit, before }) {
      const args = { p_limit: limit, p_working: working ?? false, p_before: before };
      return listOf(await database.call("hub_orders", args), orderOf);
    },

    async fillIds(clientOrderId) {
      const args = { p_client_order_id: clientOrderId };
      return listOf(await database.call("hub_fill_ids", args), (id) => textOf(id));
    },
  };
}

export function requestOf(row: Row): OrderRequest {
  return {
    clientOrderId: textIn(row, "clientOrderId"),
    origin: wordIn(row, "origin", ORIGINS),
    ...optional(row, "signalId", textIn),
    portfolio: textIn(row, "portfolio"),
    exchange: textIn(row, "exchange"),
    pair: textIn(row, "pair"),
    side: wordIn(row, "side", SIDES),
    quantity: moneyIn(row, "quantity"),
    referencePrice: moneyIn(row, "referencePrice"),
    strategy: textIn(row, "strategy"),
    ...optional(row, "stopLoss", moneyIn),
    ...optional(row, "takeProfit", moneyIn),
  };
}

export function orderOf(value: unknown): Order {
  const row = rowOf(value);
  const state = wordIn(row, "state", STATES);
  const placed = { ...requestOf(row), createdAt: numberIn(row, "createdAt") };
  const at = (key: string): number => numberIn(row, key);
  switch (state) {
    case "created":
      return { ...placed, state };
    case "unknown":
      return { ...placed, state, sentAt: at("sentAt") };
    case "open":
      return { ...placed, state, sentAt: at("sentAt"), filled: moneyIn(row, "filled") };
    case "filled": {
      const averagePrice = moneyIn(row, "averagePrice");
      const filled = moneyIn(row, "filled");
      return {
        ...placed,
        state,
        sentAt: at("sentAt"),
        filled,
        averagePrice,
        endedAt: at("endedAt"),
      };
    }
    case "cancelled": {
      const reason = textIn(row, "reason");
      const filled = moneyIn(row, "filled");
      return { ...placed, state, sentAt: at("sentAt"), filled, reason, endedAt: at("endedAt") };
    }
    case "rejected":
      return { ...placed, state, reason: textIn(row, "reason"), endedAt: at("endedAt") };
  }
}

/** A fill as the database gives it. */
export function fillOf(row: Row): Fill {
  return {
    id: textIn(row, "id"),
    clientOrderId: textIn(row, "clientOrderId"),
    exchange: textIn(row, "exchange"),
    pair: textIn(row, "pair"),
    side: wordIn(row, "side", SIDES),
    quantity: moneyIn(row, "quantity"),
    price: moneyIn(row, "price"),
    fee: moneyIn(row, "fee"),
    feeCurrency: textIn(row, "feeCurrency"),
    liquidity: wordIn(row, "liquidity", ["maker", "taker"]),
    filledAt: numberIn(row, "filledAt"),
  };
}
