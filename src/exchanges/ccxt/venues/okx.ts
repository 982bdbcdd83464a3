import { fieldsOf } from "../../narrow.ts";
import type { Venue } from "../venue.ts";

export const okx: Venue = {
  id: "okx",
  hosts: ["okx.com"],
  // Each address has a budget of its own there; one for all, weighted by the scarcest, is on the safe side.
  limits: { budget: 40, windowMs: 2_000 },
  weights: { instruments: 2, candles: 1, quotes: 2, dayStats: 2, time: 4, orderBook: () => 1 },
  maxCandles: 300,
  maxLevels: 400,
  options: { defaultType: "spot", fetchMarkets: { types: ["spot"] } },
  bulkQuotes: "fetchTickers",
  timeStepMs: 1,
  isSound: (_path, body) => Array.isArray(fieldsOf(body)["data"]),
  codeOf: (body) => {
    const { code } = fieldsOf(body);
    return typeof code === "string" && code !== "0" ? code : undefined;
  },
  codes: {
    transient: ["50001", "50004", "50013", "50026", "50102"],
    banned: ["50011", "50061"],
    permanent: ["50014", "51000", "51001", "50111", "50113"],
  },
};
