import type { z } from "zod";
import type { TradeRow } from "../../store/trade-port.ts";
import type { trades } from "../schemas/chatty.ts";
import { iso, numberOf, numberOr0 } from "./numbers.ts";
import type { Scene } from "./scene.ts";
import { symbolOf } from "./snapshot.ts";

type TradeList = z.input<typeof trades>;

/** The page of each list that was asked for last: the same one is asked for by every dashboard. */
const presented = new WeakMap<readonly TradeRow[], TradeList>();

/** A page of trades, newest first. Only the newest thousand are held in memory. */
export function presentTrades(
  { picture: { trades, totalTrades }, liveMode }: Scene,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): TradeList {
  const before = presented.get(trades);
  const about = { total: totalTrades, limit, offset, live_mode: liveMode };
  if (before !== undefined && isSame(before, about)) return before;
  const page = { trades: trades.slice(offset, offset + limit).map(presentTrade), ...about };
  presented.set(trades, page);
  return page;
}

function isSame(before: TradeList, about: Omit<TradeList, "trades">): boolean {
  return (
    before.total === about.total &&
    before.limit === about.limit &&
    before.offset === about.offset &&
    before.live_mode === about.live_mode
  );
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
