/** Every read of /api/v1 that can be asked without an id, and every write with a body. */
export const SERIES = { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" };
export const READS = [
  "/api/v1/watchlist",
  "/api/v1/actors",
  "/api/v1/candles?exchange=binance&pair=BTC-USDT&timeframe=15m&limit=3",
  "/api/v1/gaps",
  "/api/v1/signals",
  "/api/v1/queue",
  "/api/v1/orders",
  "/api/v1/positions",
  "/api/v1/performance",
  "/api/v1/performance?period=all",
  "/api/v1/portfolios",
  "/api/v1/leases",
  "/api/v1/strategies",
  "/api/v1/status",
  "/api/v1/halts",
  "/api/v1/reconciliation",
  "/api/v1/store",
  "/api/v1/store?months=true",
  "/api/v1/events/history",
  "/api/v1/logs",
  "/api/v1/logs?level=warn&actor=trader&limit=5",
  "/api/v1/trace/binance.BTC-USDT.15m.20260310T114500Z",
];
/** Reads that show how the hub is defended. */
export const ADMIN_READS = ["/api/v1/audit", "/api/v1/audit/secrets", "/api/v1/tokens"];
export const WRITES: readonly [string, string, unknown][] = [
  ["POST", "/api/v1/watchlist", SERIES],
  ["DELETE", "/api/v1/watchlist/binance/BTC%2FUSDT/15m", undefined],
  ["POST", "/api/v1/portfolios", { name: "swing", series: [SERIES] }],
  ["POST", "/api/v1/strategies/refresh", undefined],
  ["POST", "/api/v1/halt", { reason: "lunch" }],
  ["POST", "/api/v1/resume", undefined],
];
