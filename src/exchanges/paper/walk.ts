import { type DecimalText, decimal, text, ZERO } from "../../market/decimal.ts";
import type { BookLevel } from "../port.ts";

/** What a market order took from one side of a book. */
export interface Walk {
  /** Best price first; one entry for each level touched. */
  readonly taken: readonly BookLevel[];
  /** What the levels did not hold; `"0"` when everything was taken. */
  readonly rest: DecimalText;
}

/**
 * Takes a quantity from levels, best first, as far as they go. Exact: taken and rest add up to the wish.
 * @param levels the side that is hit: asks for a buy, bids for a sell; quantities may be zero.
 * @throws RangeError when a text is no decimal.
 */
export function walkLevels(levels: readonly BookLevel[], wished: DecimalText): Walk {
  const taken: BookLevel[] = [];
  let rest = decimal(wished);
  for (const { price, quantity } of levels) {
    if (!rest.gt(ZERO)) break;
    const offered = decimal(quantity);
    if (!offered.gt(ZERO)) continue;
    const part = offered.lt(rest) ? offered : rest;
    taken.push({ price, quantity: text(part) });
    rest = rest.minus(part);
  }
  return { taken, rest: text(rest) };
}
