import type { z } from "zod";
import { seriesKey } from "../../market/series.ts";
import type { health, status } from "../schemas/chatty.ts";
import { presentAccount } from "./account.ts";
import { presentBrokers } from "./brokers.ts";
import { iso } from "./numbers.ts";
import type { Scene } from "./scene.ts";

export function presentHealth(scene: Scene): z.input<typeof health> {
  return {
    status: "ok",
    live_mode: scene.liveMode,
    worker_status: scene.worker,
    work: workOf(scene),
    vvault_status: scene.vaultStatus,
    supabase_status: scene.picture.storeState,
    version: scene.version,
    uptime: scene.uptimeSeconds,
    timestamp: iso(scene.nowMs),
  };
}

/** Names enough of the late ones to know where to look. */
const MOST_NAMED = 20;

function workOf({ liveness: { due, late } }: Scene): z.input<typeof health>["work"] {
  return {
    series_due: due,
    series_late: late.length,
    late: late.slice(0, MOST_NAMED).map(({ series, why, lateMs }) => ({
      series: seriesKey(series),
      reason: why,
      late_seconds: Math.round(lateMs / 1_000),
    })),
  };
}

/** The key answer: badge, tiles and broker panel are drawn from it. */
export function presentStatus(scene: Scene): z.input<typeof status> {
  const { picture, liveMode, broker, isBrokerUp } = scene;
  const { brokers, active_broker_id } = presentBrokers(scene);
  const money = presentAccount(scene);
  const openPositions = picture.positions.length;
  const environment = liveMode ? "live" : "demo";
  return {
    status: "online",
    live_mode: liveMode,
    active_broker_id,
    active_broker_name: broker.name,
    broker_configured: true,
    oanda_configured: brokers.some(({ id, configured }) => id === "oanda" && configured),
    account_type: environment,
    environment,
    account_balance: money.account_balance,
    equity: money.equity,
    pnl_today: money.pnl_today,
    open_pnl: money.open_pnl,
    open_positions: openPositions,
    account: {
      broker_id: broker.id,
      connected: isBrokerUp,
      balance: money.account_balance,
      equity: money.equity,
      pnl_today: money.pnl_today,
      open_pnl: money.open_pnl,
      open_positions: openPositions,
      open_trade_count: openPositions,
      margin_used: money.margin_used,
      margin_available: money.margin_available,
    },
    brokers: brokers.map(({ id, name, configured, connected, environment: of }) => ({
      id,
      name,
      configured,
      connected,
      environment: of,
    })),
    vvault_status: scene.vaultStatus,
    supabase_status: picture.storeState,
    version: scene.version,
    uptime: scene.uptimeSeconds,
    active_strategies: scene.strategyCount,
  };
}
