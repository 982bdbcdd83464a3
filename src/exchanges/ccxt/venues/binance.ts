import { fieldsOf, isFields } from "../../narrow.ts";
import type { Venue } from "../venue.ts";

/** Paths that answer a list; all others answer an object. */
const LISTS = /\/(klines|ticker\/bookTicker)$/;

export const binance: Venue = {
  id: "binance",
  hosts: ["binance.com", "binance.vision"],
  limits: { budget: 6_000, windowMs: 60_000 },
  weights: {
    instruments: 20,
    candles: 2,
    quotes: 4,
    dayStats: 2,
    time: 1,
    orderBook: (levels) => {
      if (levels <= 100) return 5;
      if (levels <= 500) return 25;
      return levels <= 1_000 ? 50 : 250;
    },
  },
  usedWeightHeader: "x-mbx-used-weight-1m",
  maxCandles: 1_000,
  maxLevels: 5_000,
  options: { defaultType: "spot", fetchMarkets: { types: ["spot"] }, fetchMargins: false },
  // Permission sets are three quarters of the answer, and nobody reads them.
  instrumentParams: { showPermissionSets: "false" },
  bulkQuotes: "fetchBidsAsks",
  timeStepMs: 1,
  isSound: (path, body) => (LISTS.test(path) ? Array.isArray(body) : isFields(body)),
  codeOf: (body) => {
    const { code } = fieldsOf(body);
    return typeof code === "number" ? String(code) : undefined;
  },
  codes: {
    transient: ["-1000", "-1001", "-1006", "-1007", "-1008", "-1016", "-1021"],
    banned: ["-1003", "-1015"],
    permanent: ["-1120", "-1121", "-1100", "-1102", "-2014", "-2015"],
  },
};
