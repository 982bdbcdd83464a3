import { decimal, floorToStep, text } from "../../market/decimal.ts";
import type { OrderRequest } from "../../market/order.ts";
import type { Position } from "../../market/position.ts";
import { instrumentOf, type Markets } from "./outside.ts";

/**
 * What of an order can be sent. A stop may have sold since the signal: what is sold is at most what is
 * held. Undefined when nothing is left to sell.
 */
export async function sendable(
  market: Markets,
  request: OrderRequest,
  position: Position | undefined,
): Promise<OrderRequest | undefined> {
  if (request.side === "buy") return request;
  const held = decimal(position?.quantity ?? "0");
  if (held.gte(decimal(request.quantity))) return request;
  const instrument = await instrumentOf(market, request);
  if (instrument === undefined) return undefined;
  const quantity = floorToStep(held, decimal(instrument.quantityStep));
  return quantity.isZero() ? undefined : { ...request, quantity: text(quantity) };
}
