import type { Position } from "../../market/position.ts";
import type { Database } from "../port.ts";
import type { TradeRow, TradeStore } from "../trade-port.ts";
import { SIDES } from "./orders.ts";
import { inPages } from "./pages.ts";
import {
  listOf,
  moneyIn,
  moneyOrNull,
  numberIn,
  numberOrNull,
  optional,
  rowOf,
  textIn,
  wordIn,
} from "./parse.ts";

/** Half a kilobyte each: a page stays well below what a gateway passes on without complaint. */
const TRADES_A_PAGE = 1_000;

export type PositionStore = Pick<TradeStore, "positions" | "position" | "trades" | "closedTrades">;

export function positionStore(database: Database): PositionStore {
  return {
    async positions({ open, limit, before }) {
      const args = { p_open: open, p_limit: limit, p_before: before };
      return listOf(await database.call("hub_positions", args), positionOf);
    },

    async position(exchange, pair) {
      const args = { p_exchange: exchange, p_pair: pair };
      const answer = await database.call("hub_position", args);
      return answer === null ? undefined : positionOf(answer);
    },

    async trades({ limit, offset }) {
      const args = { p_limit: limit, p_offset: offset };
      const answer = rowOf(await database.call("hub_trades", args));
      return { trades: listOf(answer["trades"], tradeOf), total: numberIn(answer, "total") };
    },

    closedTrades(fromMs, toMs) {
      const all = Number.POSITIVE_INFINITY;
      return inPages<TradeRow>(TRADES_A_PAGE, all, async (rows, behind) => {
        const place =
          behind === undefined ? {} : { p_after: behind.id, p_after_at: behind.closedAt };
        const args = { p_from: fromMs, p_to: toMs, p_limit: rows, ...place };
        return listOf(await database.call("hub_trades_closed", args), tradeOf);
      });
    },
  };
}

export function positionOf(value: unknown): Position {
  const row = rowOf(value);
  return {
    id: textIn(row, "id"),
    exchange: textIn(row, "exchange"),
    pair: textIn(row, "pair"),
    portfolio: textIn(row, "portfolio"),
    strategy: textIn(row, "strategy"),
    quantity: moneyIn(row, "quantity"),
    bought: moneyIn(row, "bought"),
    cost: moneyIn(row, "cost"),
    sold: moneyIn(row, "sold"),
    proceeds: moneyIn(row, "proceeds"),
    ...optional(row, "stopLoss", moneyIn),
    ...optional(row, "takeProfit", moneyIn),
    openedAt: numberIn(row, "openedAt"),
    ...optional(row, "closedAt", numberIn),
  };
}

function tradeOf(value: unknown): TradeRow {
  const row = rowOf(value);
  return {
    id: textIn(row, "id"),
    exchange: textIn(row, "exchange"),
    pair: textIn(row, "pair"),
    side: wordIn(row, "side", SIDES),
    quantity: moneyIn(row, "quantity"),
    entryPrice: moneyIn(row, "entryPrice"),
    exitPrice: moneyOrNull(row, "exitPrice"),
    pnl: moneyOrNull(row, "pnl"),
    status: wordIn(row, "status", ["open", "closed"]),
    strategy: textIn(row, "strategy"),
    stopLoss: moneyOrNull(row, "stopLoss"),
    takeProfit: moneyOrNull(row, "takeProfit"),
    openedAt: numberIn(row, "openedAt"),
    closedAt: numberOrNull(row, "closedAt"),
  };
}
