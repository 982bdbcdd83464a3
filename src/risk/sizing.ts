import { type Decimal, floorToStep } from "../market/decimal.ts";
import type { Side } from "../market/signal.ts";
import { limitOf, positive } from "./amounts.ts";
import { fresh, present } from "./fresh.ts";
import type { ReviewInput } from "./input.ts";

/** How much would be traded, and at which price the decision is made. */
export interface Size {
  readonly side: Side;
  /** Base asset, a whole number of the venue's steps; zero when less than one step is meant. */
  readonly quantity: Decimal;
  /** The ask for a buy, the bid for a sell; quote currency. */
  readonly price: Decimal;
  /** Price times quantity, quote currency. */
  readonly value: Decimal;
  /** Age of the quote it rests on, ms. */
  readonly quoteAgeMs: number;
}

/**
 * Sizes the order of a signal. A buy spends a fixed share of equity at the ask; a sell takes the
 * whole position. Both are rounded down to the venue's step and kept below its largest quantity.
 * @throws RangeError when a part of the input is missing or malformed, or the quote is too old.
 */
export function sizeOf(input: ReviewInput): Size {
  const { side } = input.signal;
  if (side !== "buy" && side !== "sell") throw new RangeError("signal has no side");
  const instrument = present("instrument", input.instrument);
  const { bid, ask } = fresh("quote", input.quote, input.limits.maxQuoteAgeMs);
  const price = side === "buy" ? positive("ask", ask) : positive("bid", bid);
  const wished = side === "buy" ? stake(input).div(price) : held(input);
  const largest = instrument.maxQuantity;
  const cap = largest === undefined ? wished : positive("largest quantity", largest);
  const step = positive("quantity step", instrument.quantityStep);
  const quantity = floorToStep(wished.gt(cap) ? cap : wished, step);
  const quoteAgeMs = input.quote?.ageMs ?? Number.NaN;
  return { side, quantity, price, value: quantity.times(price), quoteAgeMs };
}

function stake({ account, limits }: ReviewInput): Decimal {
  const share = limitOf("stakeFraction", limits.stakeFraction);
  return positive("equity", account.equity.equity).times(share);
}

function held({ position }: ReviewInput): Decimal {
  return positive("position quantity", present("position", position).quantity);
}
