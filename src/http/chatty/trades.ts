import type { z } from "zod";
import type { TradeRow } from "../../store/trade-port.ts";
import type { trades } from "../schemas/chatty.ts";
import { iso, numberOf, numberOr0 } from "./numbers.ts";
import type { Scene } from "./scene.ts";
import { symbolOf } from "./snapshot.ts";

type TradeList = z.input<typeof trades>;

/** A page of trades, newest first. Only the newest thousand are held in memory. */
export function presentTrades(
  { picture, liveMode }: Scene,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): TradeList {
  const page = picture.trades.slice(offset, offset + limit);
  return {
    trades: page.map(presentTrade),
    total: picture.totalTrades,
    limit,
    offset,
    live_mode: liveMode,
  };
}

/** A field that has no value is left out: null would be printed as zero. */
function presentTrade(row: TradeRow): TradeList["trades"][number] {
  const pnl = row.status === "closed" ? numberOf(row.pnl) : null;
  const exit = numberOf(row.exitPrice);
  const stop = numberOf(row.stopLoss);
  const target = numberOf(row.takeProfit);
  return {
    id: row.id,
    symbol: symbolOf(row.pair),
    side: row.side,
    quantity: numberOr0(row.quantity),
    price: numberOr0(row.entryPrice),
    timestamp: iso(row.openedAt),
    ...(pnl === null ? {} : { pnl }),
    status: row.status,
    strategy: row.strategy,
    source: "fxshinobi",
    is_fxshinobi: true,
    opened_at: iso(row.openedAt),
    ...(exit === null ? {} : { exit_price: exit }),
    ...(row.closedAt === null ? {} : { closed_at: iso(row.closedAt) }),
    ...(stop === null ? {} : { stop_loss: stop }),
    ...(target === null ? {} : { take_profit: target }),
  };
}
