import { fieldsOf, isFields } from "../../narrow.ts";
import type { Venue } from "../venue.ts";

const WEEK_MS = 7 * 86_400_000;

export const bybit: Venue = {
  id: "bybit",
  hosts: ["bybit.com", "bytick.com"],
  limits: { budget: 600, windowMs: 5_000 },
  weights: { instruments: 1, candles: 1, quotes: 1, dayStats: 1, time: 1, orderBook: () => 1 },
  maxCandles: 1_000,
  maxLevels: 200,
  options: { defaultType: "spot", fetchMarkets: { types: ["spot"] } },
  bulkQuotes: "fetchTickers",
  timeStepMs: 1,
  // ccxt moves a Monday to the next Thursday, since its weeks begin at the epoch: one week is lost.
  sinceFor: (timeframe, sinceMs) =>
    timeframe === "1w" ? Math.floor(sinceMs / WEEK_MS) * WEEK_MS : sinceMs,
  isSound: (path, body) => {
    const { result } = fieldsOf(body);
    if (!isFields(result)) return false;
    return !path.endsWith("/kline") || Array.isArray(result["list"]);
  },
  codeOf: (body) => {
    const { retCode } = fieldsOf(body);
    return typeof retCode === "number" && retCode !== 0 ? String(retCode) : undefined;
  },
  codes: {
    transient: ["10000", "10016", "10019", "10002"],
    banned: ["10006", "10018"],
    permanent: ["10001", "10003", "10004", "10005", "10024"],
  },
};
