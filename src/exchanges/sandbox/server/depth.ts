import { bookAt, type Level } from "../book.ts";
import { fixedText } from "../fixed-point.ts";
import type { Listing, SandboxMarket } from "../market.ts";
import type { Params } from "./params.ts";

/** The most levels a request may ask for; a larger limit means this many. */
export const MOST_LEVELS = 5_000;

export const USUAL_LEVELS = 100;

/** The order book; the sandbox's own ends after a thousand levels a side. */
export function depth(market: SandboxMarket, params: Params, nowMs: number): unknown {
  const listing = params.listing();
  const limit = params.limit(USUAL_LEVELS, MOST_LEVELS);
  const book = bookAt(market, listing, nowMs, limit);
  return {
    lastUpdateId: book.sequence,
    bids: book.bids.map((level) => textOf(level, listing)),
    asks: book.asks.map((level) => textOf(level, listing)),
  };
}

function textOf(level: Level, listing: Listing): [string, string] {
  return [
    fixedText(level.price, listing.priceDecimals),
    fixedText(level.quantity, listing.volumeDecimals),
  ];
}

/** The best quotes of some pairs. */
export function bookTicker(market: SandboxMarket, params: Params, nowMs: number): unknown {
  const { kind, listings } = params.listings();
  const tickers = listings.map((listing) => bestOf(market, listing, nowMs));
  return kind === "one" ? tickers[0] : tickers;
}

/** Best bid and ask of a pair, as tickers write them. */
export function bestOf(
  market: SandboxMarket,
  listing: Listing,
  nowMs: number,
): Record<"symbol" | "bidPrice" | "bidQty" | "askPrice" | "askQty", string> {
  const { bids, asks } = bookAt(market, listing, nowMs, 1);
  const nothing: Level = { price: 0n, quantity: 0n };
  const [bidPrice, bidQty] = textOf(bids[0] ?? nothing, listing);
  const [askPrice, askQty] = textOf(asks[0] ?? nothing, listing);
  return { symbol: listing.symbol, bidPrice, bidQty, askPrice, askQty };
}
