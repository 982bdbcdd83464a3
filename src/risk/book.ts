import { type Decimal, ZERO } from "../market/decimal.ts";
import type { Side } from "../market/signal.ts";
import { positive } from "./amounts.ts";
import type { BookSide } from "./input.ts";

interface Book {
  readonly bids: readonly BookSide[];
  readonly asks: readonly BookSide[];
}

/**
 * Half way between the best bid and the best ask.
 * @throws RangeError when a side is empty or the sides overlap.
 */
export function bookMid({ bids, asks }: Book): Decimal {
  const [bid, ask] = [bids[0], asks[0]];
  if (bid === undefined || ask === undefined) throw new RangeError("a side of the book is empty");
  const [low, high] = [positive("bid", bid.price), positive("ask", ask.price)];
  if (high.lt(low)) throw new RangeError("the book is crossed");
  return low.plus(high).div(2);
}

/**
 * Takes a quantity out of the book, best price first, as a market order would.
 * @returns how much of it the book holds, and the average price of that.
 * @throws RangeError when a level is malformed or out of order, or nothing is asked for.
 */
export function walkBook(
  { bids, asks }: Book,
  side: Side,
  quantity: Decimal,
): { readonly filled: Decimal; readonly average: Decimal } {
  if (!quantity.gt(ZERO)) throw new RangeError("no quantity to trade");
  let filled = ZERO;
  let paid = ZERO;
  let previous: Decimal | undefined;
  for (const level of side === "buy" ? asks : bids) {
    const price = positive("book price", level.price);
    const isWorse =
      previous === undefined || (side === "buy" ? price.gte(previous) : price.lte(previous));
    if (!isWorse) throw new RangeError("the book is not in order");
    previous = price;
    const there = positive("book quantity", level.quantity);
    const left = quantity.minus(filled);
    const taken = there.lt(left) ? there : left;
    filled = filled.plus(taken);
    paid = paid.plus(taken.times(price));
    if (filled.gte(quantity)) break;
  }
  if (filled.isZero()) throw new RangeError("a side of the book is empty");
  return { filled, average: paid.div(filled) };
}
