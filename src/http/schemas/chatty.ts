import { z } from "./zod.ts";

const iso = z.iso.datetime({ offset: true });
const number = z.number();
const live_mode = z.boolean();
const serviceState = z.enum(["ok", "offline", "not_configured"]);
const environment = z.enum(["demo", "live"]);
const label = z.string().min(1);

/** A whole number in a query that anybody may have written: nonsense becomes the default. */
function lenient(fallback: number, least: number, most: number) {
  return z
    .unknown()
    .optional()
    .transform((value) => {
      const isNumber = typeof value === "string" && /^[+-]?\d{1,15}$/.test(value.trim());
      return isNumber ? Math.min(most, Math.max(least, Number(value))) : fallback;
    })
    .openapi({ type: "integer", default: fallback, minimum: least, maximum: most });
}

export const tradesQuery = z.object({
  limit: lenient(50, 1, 500),
  offset: lenient(0, 0, 1_000_000),
});
export const logsQuery = z.object({ limit: lenient(20, 1, 500) });
export const performanceQuery = z.object({
  period: z
    .unknown()
    .optional()
    .transform((value) => (typeof value === "string" ? value : "30d"))
    .openapi({
      type: "string",
      default: "30d",
      description: "`<n>h`, `<n>d`, `<n>w`, `<n>y` or `all`; anything else is 30 days.",
    }),
});

export const health = z.object({
  status: z.literal("ok"),
  live_mode,
  worker_status: z.enum(["running", "degraded", "unhealthy", "stopped"]),
  /** What had to be done by now, and what was not; for monitoring. */
  work: z.object({
    series_due: number,
    series_late: number,
    late: z
      .array(
        z.object({
          series: label,
          reason: z.enum(["no-candle", "gap", "no-thought"]),
          late_seconds: number,
        }),
      )
      .readonly(),
  }),
  vvault_status: serviceState,
  supabase_status: serviceState,
  version: label,
  uptime: number,
  timestamp: iso,
});

const brokerState = z.object({
  id: label,
  name: label,
  configured: z.boolean(),
  connected: z.boolean(),
  environment,
});

export const status = z.object({
  status: z.literal("online"),
  live_mode,
  active_broker_id: label.nullable(),
  active_broker_name: label.nullable(),
  broker_configured: z.boolean(),
  oanda_configured: z.boolean(),
  account_type: environment,
  environment,
  account_balance: number.nullable(),
  equity: number.nullable(),
  pnl_today: number.nullable(),
  open_pnl: number.nullable(),
  open_positions: number,
  account: z.object({
    broker_id: label,
    connected: z.boolean(),
    balance: number.nullable(),
    equity: number.nullable(),
    pnl_today: number.nullable(),
    open_pnl: number.nullable(),
    open_positions: number,
    open_trade_count: number,
    margin_used: number.nullable(),
    margin_available: number.nullable(),
  }),
  brokers: z.array(brokerState).readonly(),
  vvault_status: serviceState,
  supabase_status: serviceState,
  version: label,
  uptime: number,
  active_strategies: number,
});

const chartSymbol = z.string().regex(/^[A-Z0-9:.]+$/);

export const snapshot = z.object({
  symbol: chartSymbol,
  price: number.nullable(),
  change: number,
  changePercent: number,
  volume: number,
  high: number,
  low: number,
  open: number,
  timestamp: iso,
  current_symbol: chartSymbol,
  current_timeframe: z.enum(["1m", "5m", "15m", "30m", "1h", "4h", "1d", "1w"]),
  live_mode,
  account_balance: number.nullable(),
  equity: number.nullable(),
  open_pnl: number.nullable(),
  pnl_today: number.nullable(),
  open_positions: number,
  trades_today: number,
  system_status: z.enum(["RUNNING", "HALTED", "DEGRADED", "STOPPED"]),
  kill_switch_active: z.boolean(),
});

export const trades = z.object({
  trades: z
    .array(
      z.object({
        id: label,
        symbol: label,
        side: z.enum(["buy", "sell"]),
        quantity: number,
        price: number,
        timestamp: iso,
        pnl: number.optional(),
        status: z.enum(["open", "closed"]),
        strategy: z.string(),
        source: z.literal("fxshinobi"),
        is_fxshinobi: z.literal(true),
        opened_at: iso,
        exit_price: number.optional(),
        closed_at: iso.optional(),
        stop_loss: number.optional(),
        take_profit: number.optional(),
      }),
    )
    .readonly(),
  total: number,
  limit: number,
  offset: number,
  live_mode,
});

export const performance = z.object({
  totalPnl: number,
  winRate: number.min(0).max(1),
  totalTrades: number,
  avgWin: number.min(0),
  avgLoss: number.min(0),
  sharpeRatio: number.optional(),
  maxDrawdown: number.gt(0).max(1).optional(),
  periodStart: iso,
  periodEnd: iso,
  live_mode,
});

export const markets = z.object({ markets: z.array(z.unknown()).max(0).readonly(), live_mode });

export const insights = z.object({
  insights: z
    .array(
      z.object({
        id: label,
        type: z.enum(["metric", "news", "alert", "recommendation"]),
        title: label,
        content: label,
        value: z.union([label, number]).optional(),
        trend: z.enum(["up", "down", "neutral"]).optional(),
        timestamp: iso,
        source: label,
        priority: z.enum(["high", "medium", "low"]),
      }),
    )
    .readonly(),
  live_mode,
});

export const logs = z.object({
  logs: z
    .array(
      z.object({
        id: label,
        timestamp: iso,
        level: z.enum(["info", "warn", "error", "debug"]),
        message: z.string(),
        source: z.string().optional(),
      }),
    )
    .readonly(),
});

export const brokers = z.object({
  brokers: z
    .array(
      brokerState.extend({
        auth_type: z.enum(["api_key", "oauth", "credentials"]),
        fields: z.array(z.string()).readonly(),
        description: z.string(),
      }),
    )
    .readonly(),
  active_broker_id: label.nullable(),
});

export const brokerChoice = z.object({ broker_id: z.string().min(1).max(60) });
export const brokerChosen = z.object({ success: z.literal(true), active_broker_id: label });

export const account = z.object({
  account_balance: number.nullable(),
  equity: number.nullable(),
  open_pnl: number.nullable(),
  pnl_today: number.nullable(),
  currency: label,
  margin_used: number.nullable(),
  margin_available: number.nullable(),
});
