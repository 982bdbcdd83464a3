import { decimal, text } from "../market/decimal.ts";
import type { ClosedTrade } from "../market/performance/closed-trade.ts";
import type { TradeRow } from "../store/trade-port.ts";

/** A trade as performance is measured by it; undefined for one without an end or a result. */
export function closedTradeOf(row: TradeRow): ClosedTrade | undefined {
  const { id, closedAt, pnl, quantity, entryPrice } = row;
  if (closedAt === null || pnl === null) return undefined;
  return { id, closedAt, pnl, stake: text(decimal(quantity).times(decimal(entryPrice))) };
}
