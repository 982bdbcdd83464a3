import { bestFirst } from "../../best-first.ts";
import { type Fields, fieldsOf, listOf, positiveTextOf } from "../../narrow.ts";
import type { BookLevel, OrderBook, Quote } from "../../port.ts";
import { TransportError } from "../../transport/errors.ts";
import { nameOf } from "./instruments.ts";

/**
 * Reads best prices in the order of the pairs asked for. A pair that cannot be traded at the moment, or
 * has no both sides, is left out.
 * @param at UTC ms on the hub's clock.
 * @throws TransportError when the answer is not about prices.
 */
export function parseQuotes(body: Fields, pairs: readonly string[], at: number): readonly Quote[] {
  return pairs.flatMap((pair) => {
    const { bids, asks } = parseOrderBook(body, pair, at);
    const [bid, ask] = [bids[0]?.price, asks[0]?.price];
    return bid === undefined || ask === undefined ? [] : [{ pair, bid, ask, at }];
  });
}

/**
 * Reads the prices offered for a pair with the liquidity at each; none while it cannot be traded.
 * @param at UTC ms on the hub's clock.
 * @throws TransportError when the answer is not about prices, or a level is no price and liquidity.
 */
export function parseOrderBook(body: Fields, pair: string, at: number): OrderBook {
  if (!Array.isArray(body["prices"])) {
    throw new TransportError("the answer made no sense: no prices");
  }
  const name = nameOf(pair);
  const price = listOf(body["prices"])
    .map(fieldsOf)
    .find(({ instrument }) => instrument === name);
  if (price === undefined || !isTradeable(price)) return { pair, bids: [], asks: [], at };
  const levels = (side: "bids" | "asks"): readonly BookLevel[] =>
    bestFirst(listOf(price[side]).map(levelOf), side);
  return { pair, bids: levels("bids"), asks: levels("asks"), at };
}

/** Said by a flag, and by a word in older answers; without either nothing is known to be tradeable. */
function isTradeable({ tradeable, status }: Fields): boolean {
  return tradeable === undefined ? status === "tradeable" : tradeable === true;
}

function levelOf(bucket: unknown): BookLevel {
  const { price, liquidity } = fieldsOf(bucket);
  const [exact, quantity] = [positiveTextOf(price), positiveTextOf(liquidity)];
  if (exact === undefined || quantity === undefined) {
    throw new TransportError("the answer made no sense: a level without price or liquidity");
  }
  return { price: exact, quantity };
}
