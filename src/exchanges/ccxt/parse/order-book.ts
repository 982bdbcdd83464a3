import { bestFirst } from "../../best-first.ts";
import { isFields, listOf, positiveTextOf } from "../../narrow.ts";
import type { BookLevel, OrderBook } from "../../port.ts";
import { TransportError } from "../../transport/errors.ts";

/**
 * Reads ccxt's order book with exact prices and quantities, best level first.
 * ccxt's own order cannot be used: with prices as text it sorts 9 above 10.
 * @param at UTC ms on the hub's clock.
 * @throws TransportError for a level that is no price and quantity.
 */
export function parseOrderBook(answer: unknown, pair: string, at: number): OrderBook {
  if (!isFields(answer)) throw new TransportError("the answer made no sense: no order book");
  const { nonce } = answer;
  return {
    pair,
    bids: levelsOf(answer["bids"], "bids"),
    asks: levelsOf(answer["asks"], "asks"),
    ...(typeof nonce === "number" ? { sequence: nonce } : {}),
    at,
  };
}

function levelsOf(levels: unknown, side: "bids" | "asks"): readonly BookLevel[] {
  return bestFirst(listOf(levels).map(levelOf), side);
}

function levelOf(row: unknown): BookLevel {
  const [priceCell, quantityCell] = listOf(row);
  const price = positiveTextOf(priceCell);
  const quantity = positiveTextOf(quantityCell);
  if (price === undefined || quantity === undefined) {
    throw new TransportError("the answer made no sense: a level without price or quantity");
  }
  return { price, quantity };
}
