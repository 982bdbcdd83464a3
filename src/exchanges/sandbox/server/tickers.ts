import { openTimeAt, timeframeMs } from "../../../market/timeframe.ts";
import { estimatesOf } from "../bar.ts";
import { fixedText } from "../fixed-point.ts";
import type { Bar, Listing, SandboxMarket } from "../market.ts";
import { bestOf } from "./depth.ts";
import type { Params } from "./params.ts";

/** The last prices of some pairs. */
export function priceTicker(market: SandboxMarket, params: Params, nowMs: number): unknown {
  const { kind, listings } = params.listings();
  const tickers = listings.map((listing) => ({
    symbol: listing.symbol,
    price: fixedText(market.priceAt(listing, nowMs), listing.priceDecimals),
  }));
  return kind === "one" ? tickers[0] : tickers;
}

/** The last 24 hours of some pairs. */
export function dayTicker(market: SandboxMarket, params: Params, nowMs: number): unknown {
  const { kind, listings } = params.listings();
  const tickers = listings.map((listing) => dayOf(market, listing, nowMs));
  return kind === "one" ? tickers[0] : tickers;
}

function dayOf(market: SandboxMarket, listing: Listing, nowMs: number): Record<string, unknown> {
  const { priceDecimals, volumeDecimals } = listing;
  const price = (ticks: bigint): string => fixedText(ticks, priceDecimals);
  const last = market.priceAt(listing, nowMs);
  // The window slides by whole candles of the pair, as the venue's does by whole minutes.
  const openTime = openTimeAt(listing.shortest, nowMs - timeframeMs("1d"));
  const day = market.barOver(listing, openTime, nowMs + 1) ?? stillBar(openTime, last);
  const { meanPrice, quoteVolume, trades } = estimatesOf(day);
  const change = Number(day.close - day.open) / Number(day.open);
  const { bidPrice, bidQty, askPrice, askQty } = bestOf(market, listing, nowMs);
  return {
    symbol: listing.symbol,
    priceChange: price(day.close - day.open),
    priceChangePercent: (change * 100).toFixed(3),
    weightedAvgPrice: price(meanPrice),
    prevClosePrice: price(day.open),
    lastPrice: price(last),
    lastQty: fixedText(1n, volumeDecimals),
    bidPrice,
    bidQty,
    askPrice,
    askQty,
    openPrice: price(day.open),
    highPrice: price(day.high),
    lowPrice: price(day.low),
    volume: fixedText(day.volume, volumeDecimals),
    quoteVolume: fixedText(quoteVolume, priceDecimals + volumeDecimals),
    openTime,
    closeTime: nowMs,
    firstId: trades === 0 ? -1 : 1,
    lastId: trades === 0 ? -1 : trades,
    count: trades,
  };
}

/** A window in which nothing was traded stands at the last price. */
function stillBar(openTime: number, price: bigint): Bar {
  return { openTime, open: price, high: price, low: price, close: price, volume: 0n };
}
