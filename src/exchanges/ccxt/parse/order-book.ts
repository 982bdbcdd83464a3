import { decimal } from "../../../market/decimal.ts";
import type { BookLevel, OrderBook } from "../../port.ts";
import { isFields, listOf, positiveTextOf } from "../narrow.ts";
import { TransportError } from "../transport/errors.ts";

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
    bids: levelsOf(answer["bids"], -1),
    asks: levelsOf(answer["asks"], 1),
    ...(typeof nonce === "number" ? { sequence: nonce } : {}),
    at,
  };
}

function levelsOf(side: unknown, direction: 1 | -1): readonly BookLevel[] {
  const levels = listOf(side).map(levelOf);
  const known = levels.map((level) => ({ level, price: decimal(level.price) }));
  known.sort((a, b) => direction * (a.price.comparedTo(b.price) ?? 0));
  return known.map(({ level }) => level);
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
