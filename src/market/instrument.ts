import { type DecimalText, decimal, floorToStep, roundToStep } from "./decimal.ts";
import { Price, Quantity } from "./money.ts";
import { assetsOf } from "./series.ts";

/** What a venue allows for one pair. Steps and limits are exact decimals as text. */
export interface Instrument {
  readonly exchange: string;
  readonly pair: string;
  /** False while the venue does not trade the pair. */
  readonly active: boolean;
  /** Smallest price step, quote currency. */
  readonly priceTick: DecimalText;
  /** Smallest quantity step, base asset. */
  readonly quantityStep: DecimalText;
  readonly minQuantity: DecimalText;
  /** Absent when the venue states none. */
  readonly maxQuantity?: DecimalText;
  /** Smallest price times quantity, quote currency. */
  readonly minNotional: DecimalText;
  /** Fee of an order that takes liquidity, in hundredths of a percent. */
  readonly takerFeeBps: number;
  /** Fee of an order that rests in the book, in hundredths of a percent. */
  readonly makerFeeBps: number;
}

/** The largest quantity the venue accepts that is not above the wished one. */
export function roundQuantityDown(instrument: Instrument, wished: DecimalText): Quantity {
  const { base } = assetsOf(instrument.pair);
  return Quantity.of(floorToStep(decimal(wished), decimal(instrument.quantityStep)), base);
}

/** The price on the venue's grid that is nearest to the wished one. */
export function roundPriceToTick(instrument: Instrument, wished: DecimalText): Price {
  const { base, quote } = assetsOf(instrument.pair);
  return Price.of(roundToStep(decimal(wished), decimal(instrument.priceTick)), base, quote);
}

/** Why a venue would refuse a quantity at a price; undefined when it would not. */
export type LotFault =
  | "below-min-quantity"
  | "above-max-quantity"
  | "off-step"
  | "below-min-notional";

export function lotFault(
  instrument: Instrument,
  quantity: DecimalText,
  price: DecimalText,
): LotFault | undefined {
  const size = decimal(quantity);
  if (size.lt(decimal(instrument.minQuantity))) return "below-min-quantity";
  if (instrument.maxQuantity !== undefined && size.gt(decimal(instrument.maxQuantity))) {
    return "above-max-quantity";
  }
  if (!size.mod(decimal(instrument.quantityStep)).isZero()) return "off-step";
  return size.times(decimal(price)).lt(decimal(instrument.minNotional))
    ? "below-min-notional"
    : undefined;
}
