import type { Quote } from "../../exchanges/port.ts";
import { decimal, floorToStep, text } from "../../market/decimal.ts";
import { type Instrument, lotFault } from "../../market/instrument.ts";
import type { OrderOrigin, OrderRequest } from "../../market/order.ts";
import type { Position } from "../../market/position.ts";
import { hashId } from "../../runtime/ids.ts";

/**
 * Says whether a position is to be given up or cashed in at a quote. A sale gets the bid, so the bid
 * decides; at a price that fulfils both, the stop wins.
 */
export function exitDue(position: Position, quote: Quote): OrderOrigin | undefined {
  const bid = decimal(quote.bid);
  if (position.stopLoss !== undefined && bid.lte(decimal(position.stopLoss))) return "stop-loss";
  if (position.takeProfit !== undefined && bid.gte(decimal(position.takeProfit)))
    return "take-profit";
  return undefined;
}

/**
 * The order that ends a position. Its id is made of the position, the trigger, what is left of it and
 * the attempt: the same exit asked for twice is the same order, a rest after a partial one is a new
 * order, and so is a new attempt after a refusal. What is above the venue's largest order is sold in
 * parts. Undefined when what is left is less than the venue takes at this price: it would be refused.
 */
export function exitOrder(
  position: Position,
  origin: Exclude<OrderOrigin, "signal">,
  instrument: Instrument,
  quote: Quote,
  attempt: number,
): OrderRequest | undefined {
  const held = decimal(position.quantity);
  const most = decimal(instrument.maxQuantity ?? position.quantity);
  const wanted = held.gt(most) ? most : held;
  const quantity = text(floorToStep(wanted, decimal(instrument.quantityStep)));
  const isNothing = decimal(quantity).isZero();
  if (isNothing || lotFault(instrument, quantity, quote.bid) !== undefined) return undefined;
  const id = hashId(position.id, origin, position.quantity, String(attempt)).slice(0, 28);
  return {
    clientOrderId: `hub-${id}`,
    origin,
    portfolio: position.portfolio,
    exchange: position.exchange,
    pair: position.pair,
    side: "sell",
    quantity,
    referencePrice: quote.bid,
    strategy: position.strategy,
  };
}

/** How long to leave a position alone after its n-th exit was refused: 1, 2, 4 … 60 s. */
export function waitAfterRefusalMs(attempt: number): number {
  return Math.min(60_000, 1_000 * 2 ** attempt);
}
