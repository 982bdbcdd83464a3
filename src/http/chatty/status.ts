import type { z } from "zod";
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
    vvault_status: scene.vaultStatus,
    supabase_status: scene.picture.storeState,
    version: scene.version,
    uptime: scene.uptimeSeconds,
    timestamp: iso(scene.nowMs),
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
