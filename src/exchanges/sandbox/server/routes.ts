import type { SandboxMarket } from "../market.ts";
import { bookTicker, depth, MOST_LEVELS, USUAL_LEVELS } from "./depth.ts";
import { exchangeInfo } from "./exchange-info.ts";
import { klines } from "./klines.ts";
import type { Params } from "./params.ts";
import { dayTicker, priceTicker } from "./tickers.ts";
import { dayStatsWeight, depthWeight, quoteWeight } from "./weights.ts";

export interface Route {
  /** What the request costs. Counted before it is checked: a bad request costs as much. */
  weight(query: URLSearchParams): number;
  /** The answer's body. @throws ApiError */
  answer(market: SandboxMarket, params: Params, nowMs: number): unknown;
}

const always = (weight: number) => (): number => weight;

const quotes = (query: URLSearchParams): number => quoteWeight(query.has("symbol"));

/** How many pairs `symbols` names; good enough for the weight of a list that is malformed. */
function dayStats(query: URLSearchParams): number {
  if (query.has("symbol")) return dayStatsWeight(1);
  return dayStatsWeight(query.get("symbols")?.split(",").length);
}

function levels(query: URLSearchParams): number {
  const limit = Number(query.get("limit") ?? USUAL_LEVELS);
  return depthWeight(Number.isFinite(limit) ? Math.min(limit, MOST_LEVELS) : USUAL_LEVELS);
}

/** Every path the sandbox serves, all by GET. */
export const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["/api/v3/ping", { weight: always(1), answer: () => ({}) }],
  ["/api/v3/time", { weight: always(1), answer: (_m, _p, nowMs) => ({ serverTime: nowMs }) }],
  ["/api/v3/exchangeInfo", { weight: always(20), answer: exchangeInfo }],
  ["/api/v3/klines", { weight: always(2), answer: klines }],
  ["/api/v3/depth", { weight: levels, answer: depth }],
  ["/api/v3/ticker/bookTicker", { weight: quotes, answer: bookTicker }],
  ["/api/v3/ticker/price", { weight: quotes, answer: priceTicker }],
  ["/api/v3/ticker/24hr", { weight: dayStats, answer: dayTicker }],
]);
