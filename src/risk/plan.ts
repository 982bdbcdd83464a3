import { type Decimal, type DecimalText, text, ZERO } from "../market/decimal.ts";
import { present } from "./fresh.ts";
import type { ReviewInput } from "./input.ts";
import { type Size, sizeOf } from "./sizing.ts";

/** What the hub would do if every check passed. Each part throws where it cannot be known. */
export interface Plan {
  /** Quantity, price and value of the order. */
  size(): Size;
  /** Cash to set aside: value and taker fee of a buy, zero for a sell. Quote currency. */
  reserve(): Decimal;
}

/** Plans the order of a signal; the work is done once and only when a check asks. */
export function planOf(input: ReviewInput): Plan {
  let known: Size | undefined;
  const size = (): Size => {
    known ??= sizeOf(input);
    return known;
  };
  return {
    size,
    reserve() {
      const { side, value } = size();
      if (side === "sell") return ZERO;
      const { takerFeeBps } = present("instrument", input.instrument);
      if (!(takerFeeBps >= 0 && takerFeeBps < 10_000)) throw new RangeError("fee is out of range");
      return value.plus(value.times(takerFeeBps).div(10_000));
    },
  };
}

/** The cash to set aside as text. */
export function reserveText(plan: Plan): DecimalText {
  return text(plan.reserve());
}
