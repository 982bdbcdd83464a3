import { fixedText, stepText } from "../fixed-point.ts";
import type { Listing, SandboxMarket } from "../market.ts";
import type { Params } from "./params.ts";
import { WEIGHT_LIMIT } from "./weight-budget.ts";

const RATE_LIMITS = [
  { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: WEIGHT_LIMIT },
  { rateLimitType: "ORDERS", interval: "SECOND", intervalNum: 10, limit: 100 },
  { rateLimitType: "ORDERS", interval: "DAY", intervalNum: 1, limit: 200_000 },
  { rateLimitType: "RAW_REQUESTS", interval: "MINUTE", intervalNum: 5, limit: 61_000 },
];

/** What is listed and by which rules it trades. Permission parameters are taken and change little. */
export function exchangeInfo(market: SandboxMarket, params: Params, nowMs: number): unknown {
  const withPermissions = params.text("showPermissionSets") !== "false";
  return {
    timezone: "UTC",
    serverTime: nowMs,
    rateLimits: RATE_LIMITS,
    exchangeFilters: [],
    symbols: params.listings().listings.map((listing) => ({
      ...rulesOf(listing),
      status: market.statusAt(listing, nowMs),
      permissions: [],
      permissionSets: withPermissions ? [["SPOT"]] : [],
    })),
  };
}

function rulesOf(listing: Listing): Record<string, unknown> {
  return {
    symbol: listing.symbol,
    baseAsset: listing.base,
    baseAssetPrecision: 8,
    quoteAsset: listing.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ["LIMIT", "LIMIT_MAKER", "MARKET"],
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filtersOf(listing),
    defaultSelfTradePreventionMode: "EXPIRE_MAKER",
    allowedSelfTradePreventionModes: ["EXPIRE_MAKER"],
  };
}

function filtersOf(listing: Listing): Record<string, unknown>[] {
  const tickSize = stepText(listing.priceDecimals);
  const stepSize = stepText(listing.volumeDecimals);
  const maxPrice = fixedText(1_000_000n, 0);
  const maxQty = fixedText(9_000_000n, 0);
  return [
    { filterType: "PRICE_FILTER", minPrice: tickSize, maxPrice, tickSize },
    { filterType: "LOT_SIZE", minQty: stepSize, maxQty, stepSize },
    { filterType: "MARKET_LOT_SIZE", minQty: "0.00000000", maxQty, stepSize: "0.00000000" },
    {
      filterType: "NOTIONAL",
      minNotional: listing.minNotional,
      applyMinToMarket: true,
      maxNotional: "9000000.00000000",
      applyMaxToMarket: false,
      avgPriceMins: 5,
    },
  ];
}
