import type { z } from "zod";
import { globalHalt } from "../../market/halt.ts";
import type { Series } from "../../market/series.ts";
import type { ChartDay } from "../chart-day.ts";
import type { snapshot } from "../schemas/chatty.ts";
import { presentAccount } from "./account.ts";
import { iso, numberOf } from "./numbers.ts";
import type { Scene } from "./scene.ts";

const DAY_MS = 86_400_000;
/** Shown while nothing is followed: the page wants some symbol. */
const NOTHING_FOLLOWED: Series = { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" };

/** A pair as one word, e.g. `BTCUSDT`. */
export function symbolOf(pair: string): string {
  return pair.replaceAll(/[^A-Z0-9.]/g, "");
}

/** The market panel and the chart, with the account's figures beside them. */
export function presentSnapshot(scene: Scene): z.input<typeof snapshot> {
  const { picture, nowMs, liveMode } = scene;
  const series = picture.chart?.series ?? NOTHING_FOLLOWED;
  const symbol = symbolOf(series.pair);
  const money = presentAccount(scene);
  const dayStart = Math.floor(nowMs / DAY_MS) * DAY_MS;
  return {
    symbol,
    ...figuresOf(picture.chart, scene),
    timestamp: iso(nowMs),
    current_symbol: `${symbolOf(series.exchange.toUpperCase())}:${symbol}`,
    current_timeframe: series.timeframe,
    live_mode: liveMode,
    account_balance: money.account_balance,
    equity: money.equity,
    open_pnl: money.open_pnl,
    pnl_today: money.pnl_today,
    open_positions: picture.positions.length,
    trades_today: picture.trades.filter(({ openedAt }) => openedAt >= dayStart).length,
    system_status: systemStatus(scene),
    kill_switch_active: globalHalt(picture.halts) !== undefined,
  };
}

type Figures = Pick<
  z.input<typeof snapshot>,
  "price" | "change" | "changePercent" | "volume" | "high" | "low" | "open"
>;

/** Change is measured against the open of 24 hours ago, so that percent and amount agree. */
function figuresOf(chart: ChartDay | null, { price: priceOf }: Scene): Figures {
  const day = chart?.figures ?? null;
  if (chart === null || day === null) {
    return { price: null, change: 0, changePercent: 0, volume: 0, high: 0, low: 0, open: 0 };
  }
  const price = numberOf(priceOf(chart.series.exchange, chart.series.pair)) ?? day.close;
  const change = price - day.open;
  return {
    price,
    change,
    changePercent: (100 * change) / day.open,
    volume: day.volume,
    high: Math.max(day.high, price),
    low: Math.min(day.low, price),
    open: day.open,
  };
}

function systemStatus({ picture, worker }: Scene): "RUNNING" | "HALTED" | "DEGRADED" | "STOPPED" {
  if (worker === "stopped") return "STOPPED";
  if (globalHalt(picture.halts) !== undefined) return "HALTED";
  return worker !== "running" || picture.storeState === "offline" ? "DEGRADED" : "RUNNING";
}
