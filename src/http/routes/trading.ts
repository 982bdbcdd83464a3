import { averageCost, openPnl, type Position, realizedPnl } from "../../market/position.ts";
import { read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import { nextOf } from "../schemas/common.ts";
import * as schema from "../schemas/trading.ts";

const reading = { method: "get", tag: "Trading", access: "viewer" } as const;

/** Queue, orders and positions. */
export function tradingRoutes(deps: HttpDeps): readonly Route[] {
  const { trade } = deps.store;
  return [
    route({
      ...reading,
      path: "/api/v1/queue",
      pagedBy: "cursor",
      summary: "Accepted signals that wait for the trader",
      query: schema.queueQuery,
      answers: { 200: schema.queue },
      handle: async ({ query }) => {
        const { limit, cursor } = query;
        const queue = await read(deps, "the queue", trade.queue(limit, cursor));
        return reply(200, { queue, next: nextOf(queue, limit, ({ id }) => id) });
      },
    }),
    route({
      ...reading,
      path: "/api/v1/orders",
      pagedBy: "cursor",
      summary: "Orders, newest first",
      query: schema.orderQuery,
      answers: { 200: schema.orders },
      handle: async ({ query: { working, limit, cursor } }) => {
        const work = trade.orders({
          limit,
          ...(working === undefined ? {} : { working }),
          ...(cursor === undefined ? {} : { before: cursor }),
        });
        const orders = await read(deps, "the orders", work);
        const next = nextOf(orders, limit, ({ clientOrderId }) => clientOrderId);
        return reply(200, { orders, next });
      },
    }),
    route({
      ...reading,
      path: "/api/v1/positions",
      pagedBy: "cursor",
      summary: "Positions, newest first",
      query: schema.positionQuery,
      answers: { 200: schema.positions },
      handle: async ({ query: { open, limit, cursor } }) => {
        const before = cursor === undefined ? {} : { before: cursor };
        const work = trade.positions({ open, limit, ...before });
        const held = await read(deps, "the positions", work);
        const next = nextOf(held, limit, ({ id }) => id);
        return reply(200, { positions: held.map((one) => valued(deps, one)), next });
      },
    }),
  ];
}

function valued(deps: HttpDeps, position: Position) {
  const lastPrice = deps.view.price(position.exchange, position.pair) ?? null;
  return {
    ...position,
    averageCost: averageCost(position),
    realizedPnl: realizedPnl(position),
    lastPrice,
    openPnl: lastPrice === null ? null : openPnl(position, lastPrice),
  };
}
