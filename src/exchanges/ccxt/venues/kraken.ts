import { fieldsOf, isFields, listOf } from "../../narrow.ts";
import type { Venue } from "../venue.ts";

export const kraken: Venue = {
  id: "kraken",
  hosts: ["kraken.com"],
  // No weights: about a call a second for public data, so starts are spaced.
  limits: { budget: 50, windowMs: 60_000, spacingMs: 1_200 },
  weights: { instruments: 1, candles: 1, quotes: 1, dayStats: 1, time: 1, orderBook: () => 1 },
  maxCandles: 720,
  maxLevels: 500,
  options: {},
  bulkQuotes: "fetchTickers",
  timeStepMs: 1_000,
  isSound: (path, body) => {
    const { result } = fieldsOf(body);
    if (!isFields(result)) return false;
    return !path.endsWith("/OHLC") || Object.values(result).some(Array.isArray);
  },
  codeOf: (body) => {
    const [first] = listOf(fieldsOf(body)["error"]);
    return typeof first === "string" ? first : undefined;
  },
  codes: {
    transient: ["EService:", "EGeneral:Internal error", "EAPI:Invalid nonce"],
    banned: [
      "EGeneral:Too many requests",
      "EGeneral:Temporary lockout",
      "EAPI:Rate limit exceeded",
    ],
    permanent: ["EQuery:", "EGeneral:Invalid arguments", "EAPI:Invalid key"],
  },
};
