import { type DecimalText, decimal, text } from "../../market/decimal.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { Fill, OrderRequest } from "../../market/order.ts";
import { assetsOf } from "../../market/series.ts";
import type { BookLevel } from "../port.ts";

/**
 * Writes the fills of an order, one for each level taken; numbered from 1, so that the same order
 * has the same ids however often it is looked up.
 * @param filledAt UTC ms on the exchange's clock.
 */
export function fillsOf(
  order: OrderRequest,
  instrument: Instrument,
  taken: readonly BookLevel[],
  filledAt: number,
): readonly Fill[] {
  return taken.map(({ price, quantity }, i) => ({
    id: `${order.clientOrderId}-${i + 1}`,
    clientOrderId: order.clientOrderId,
    exchange: order.exchange,
    pair: order.pair,
    side: order.side,
    quantity: text(decimal(quantity)),
    price: text(decimal(price)),
    fee: takerFee(instrument, price, quantity),
    feeCurrency: assetsOf(order.pair).quote,
    liquidity: "taker",
    filledAt,
  }));
}

/** Value times fee, unrounded, in the quote currency. */
function takerFee(
  { takerFeeBps }: Instrument,
  price: DecimalText,
  quantity: DecimalText,
): DecimalText {
  const value = decimal(price).times(decimal(quantity));
  return text(value.times(decimal(takerFeeBps)).div(10_000));
}
