import { type Decimal, type DecimalText, decimal, text, ZERO } from "../../market/decimal.ts";
import type { Side } from "../../market/signal.ts";
import type { BookLevel } from "../port.ts";

interface Consumed {
  /** What the venue showed at this price when we last took from it. */
  readonly shown: Decimal;
  readonly taken: Decimal;
}

/**
 * What paper orders have taken from one side of one book. The venue never sees them, so its book
 * still shows what we have taken: without this memory the same quantity could be bought all day.
 * A level counts as taken until the venue shows another quantity there, or none.
 */
export class Consumption {
  readonly #side: Side;
  /** By price, written without trailing zeros. */
  readonly #levels = new Map<DecimalText, Consumed>();

  /** @param side of the orders that take: buys take asks, sells take bids. */
  constructor(side: Side) {
    this.#side = side;
  }

  /** What is left of the levels the venue shows, best first; forgets levels that have moved. */
  available(shown: readonly BookLevel[]): readonly BookLevel[] {
    this.#forgetMoved(shown);
    return shown.map(({ price, quantity }) => {
      const taken = this.#levels.get(key(price))?.taken ?? ZERO;
      return { price, quantity: text(decimal(quantity).minus(taken)) };
    });
  }

  /** Remembers what was taken from the levels just shown. */
  take(shown: readonly BookLevel[], taken: readonly BookLevel[]): void {
    for (const { price, quantity } of taken) {
      const level = shown.find((candidate) => candidate.price === price);
      if (level === undefined) continue;
      const before = this.#levels.get(key(price))?.taken ?? ZERO;
      this.#levels.set(key(price), {
        shown: decimal(level.quantity),
        taken: before.plus(decimal(quantity)),
      });
    }
  }

  #forgetMoved(shown: readonly BookLevel[]): void {
    const now = new Map(shown.map(({ price, quantity }) => [key(price), decimal(quantity)]));
    const deepest = shown.at(-1)?.price;
    for (const [price, { shown: before }] of this.#levels) {
      const quantity = now.get(price);
      // Below what was fetched nothing can be said, so it stays.
      const isOutOfSight = quantity === undefined && this.#isDeeper(price, deepest);
      if (!isOutOfSight && !(quantity?.eq(before) ?? false)) this.#levels.delete(price);
    }
  }

  #isDeeper(price: DecimalText, deepest: DecimalText | undefined): boolean {
    if (deepest === undefined) return false;
    const gap = decimal(price).comparedTo(decimal(deepest)) ?? 0;
    return this.#side === "buy" ? gap > 0 : gap < 0;
  }
}

function key(price: DecimalText): DecimalText {
  return text(decimal(price));
}
