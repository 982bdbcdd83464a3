import type { z } from "zod";
import { totalsOf } from "../../market/performance/closed-trade.ts";
import { measure } from "../../market/performance/measure.ts";
import { measuredOf } from "../performance.ts";
import type { performance } from "../schemas/chatty.ts";
import { iso } from "./numbers.ts";
import type { Scene } from "./scene.ts";

type Performance = z.input<typeof performance>;

/** How trades went that ended within a period before now. A ratio that is not known is left out. */
export function presentPerformance(scene: Scene, period: string): Performance {
  const { picture, nowMs, liveMode } = scene;
  const measured = measuredOf(picture, period, nowMs);
  const { count, wins, losses, won, lost, net } = totalsOf(measured.trades);
  return {
    totalPnl: net,
    winRate: count === 0 ? 0 : wins / count,
    totalTrades: count,
    avgWin: wins === 0 ? 0 : won / wins,
    avgLoss: losses === 0 ? 0 : lost / losses,
    ...(count === 0 ? {} : ratios(measured)),
    periodStart: iso(measured.from),
    periodEnd: iso(nowMs),
    live_mode: liveMode,
  };
}

/** The page prints a stray "0" for a ratio of zero. */
function ratios(
  measured: Parameters<typeof measure>[0],
): Pick<Performance, "sharpeRatio" | "maxDrawdown"> {
  const values = new Map(measure(measured).map((one) => [one.definitionId, one.value]));
  const sharpe = values.get("hub.sharpe") ?? 0;
  const drawdown = Math.min(1, values.get("hub.max_drawdown") ?? 0);
  return {
    ...(sharpe === 0 ? {} : { sharpeRatio: sharpe }),
    ...(drawdown > 0 ? { maxDrawdown: drawdown } : {}),
  };
}
