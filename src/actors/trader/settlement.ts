import type { OrderOutcome } from "../../exchanges/port.ts";
import { type Decimal, decimal, text, ZERO } from "../../market/decimal.ts";
import type { Fill, Order, OrderRequest } from "../../market/order.ts";
import { applyFill, type Position, type PositionOrigin } from "../../market/position.ts";
import type { Settlement } from "../../store/trade-port.ts";

/**
 * Works out what a venue's answer to an order changes: the order's state, the position, the cash.
 * Pure; the store writes it in one transaction.
 * @param known fills of this order that are settled already.
 * @param position the open position in the pair before this answer.
 */
export function settlementOf(
  request: OrderRequest,
  createdAt: number,
  outcome: OrderOutcome,
  known: ReadonlySet<string>,
  position: Position | undefined,
  nowMs: number,
): Settlement {
  if (outcome.kind === "rejected") {
    const order: Order = {
      ...request,
      createdAt,
      state: "rejected",
      reason: outcome.reason,
      endedAt: nowMs,
    };
    return { order, fills: [], cashDelta: "0", release: true };
  }
  if (outcome.kind === "unknown") {
    const order: Order = { ...request, createdAt, state: "unknown", sentAt: nowMs };
    return { order, fills: [], cashDelta: "0", release: false };
  }
  const order = acceptedOrder(request, createdAt, outcome, nowMs);
  const fills = outcome.fills.filter((fill) => !known.has(fill.id));
  const origin: PositionOrigin = {
    id: request.clientOrderId,
    portfolio: request.portfolio,
    strategy: request.strategy,
    ...(request.stopLoss === undefined ? {} : { stopLoss: request.stopLoss }),
    ...(request.takeProfit === undefined ? {} : { takeProfit: request.takeProfit }),
  };
  let held = position;
  for (const fill of fills) held = applyFill(held, fill, origin);
  return {
    order,
    fills,
    ...(held === undefined || fills.length === 0 ? {} : { position: held }),
    cashDelta: text(fills.reduce((sum, fill) => sum.plus(cashOf(fill)), ZERO)),
    release: order.state !== "open",
  };
}

function acceptedOrder(
  request: OrderRequest,
  createdAt: number,
  outcome: Extract<OrderOutcome, { kind: "accepted" }>,
  nowMs: number,
): Order {
  const filled = outcome.fills.reduce((sum, fill) => sum.plus(decimal(fill.quantity)), ZERO);
  const base = { ...request, createdAt, sentAt: nowMs, filled: text(filled) };
  switch (outcome.state) {
    case "open":
      return { ...base, state: "open" };
    case "cancelled":
      return {
        ...base,
        state: "cancelled",
        reason: outcome.reason ?? "cancelled by the venue",
        endedAt: nowMs,
      };
    case "filled": {
      const value = outcome.fills.reduce(
        (sum, f) => sum.plus(decimal(f.quantity).times(decimal(f.price))),
        ZERO,
      );
      const averagePrice = text(filled.isZero() ? ZERO : value.div(filled).decimalPlaces(18));
      return { ...base, state: "filled", averagePrice, endedAt: nowMs };
    }
  }
}

/** What a fill does to the cash: a buy takes its value, a sell brings it; fees in cash cost. */
function cashOf(fill: Fill): Decimal {
  const value = decimal(fill.quantity).times(decimal(fill.price));
  const quote = fill.pair.split("/")[1];
  const fee = fill.feeCurrency === quote ? decimal(fill.fee) : ZERO;
  return fill.side === "buy" ? ZERO.minus(value).minus(fee) : value.minus(fee);
}
