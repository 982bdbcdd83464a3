import { type DecimalText, decimal, text, ZERO } from "./decimal.ts";
import type { Fill } from "./order.ts";

/** What is held of one pair: a fold over fills. Fees are part of cost and of proceeds. */
export interface Position {
  /** The client order id of the order that opened it. */
  readonly id: string;
  readonly exchange: string;
  readonly pair: string;
  readonly portfolio: string;
  readonly strategy: string;
  /** Base asset held; zero once closed. */
  readonly quantity: DecimalText;
  /** Base asset bought over its life. */
  readonly bought: DecimalText;
  /** Quote currency paid for what was bought, fees included. */
  readonly cost: DecimalText;
  /** Base asset sold over its life. */
  readonly sold: DecimalText;
  /** Quote currency received for what was sold, fees taken off. */
  readonly proceeds: DecimalText;
  readonly stopLoss?: DecimalText;
  readonly takeProfit?: DecimalText;
  readonly openedAt: number;
  /** Present once the quantity is back to zero. */
  readonly closedAt?: number;
}

/** What a fill needs to know to open a position. */
export type PositionOrigin = Pick<
  Position,
  "id" | "portfolio" | "strategy" | "stopLoss" | "takeProfit"
>;

/**
 * Adds a fill to a position, or opens one.
 * @throws RangeError when a sell takes more than is held: the hub never goes short.
 */
export function applyFill(
  position: Position | undefined,
  fill: Fill,
  origin: PositionOrigin,
): Position {
  const held = position ?? emptyPosition(fill, origin);
  const size = decimal(fill.quantity);
  const value = size.times(decimal(fill.price));
  const { base, quote } = splitFee(fill);
  if (fill.side === "buy") {
    const received = size.minus(base);
    return {
      ...held,
      quantity: text(decimal(held.quantity).plus(received)),
      bought: text(decimal(held.bought).plus(received)),
      cost: text(decimal(held.cost).plus(value).plus(quote)),
    };
  }
  const left = decimal(held.quantity).minus(size);
  if (left.lt(ZERO)) {
    throw new RangeError(`sold ${fill.quantity} ${fill.pair} but held ${held.quantity}`);
  }
  return {
    ...held,
    quantity: text(left),
    sold: text(decimal(held.sold).plus(size)),
    proceeds: text(decimal(held.proceeds).plus(value).minus(quote)),
    ...(left.isZero() ? { closedAt: fill.filledAt } : {}),
  };
}

/** Average price paid per unit bought, fees included; quote currency. */
export function averageCost(position: Position): DecimalText {
  const bought = decimal(position.bought);
  return bought.isZero() ? "0" : text(decimal(position.cost).div(bought).decimalPlaces(18));
}

/** Result of what was sold so far against its average cost; quote currency. */
export function realizedPnl(position: Position): DecimalText {
  const bought = decimal(position.bought);
  if (bought.isZero()) return "0";
  if (position.closedAt !== undefined) {
    return text(decimal(position.proceeds).minus(decimal(position.cost)));
  }
  const costOfSold = decimal(position.cost).times(decimal(position.sold)).div(bought);
  return text(decimal(position.proceeds).minus(costOfSold).decimalPlaces(18));
}

/** Result of what is still held if it were sold at a price, without fees; quote currency. */
export function openPnl(position: Position, price: DecimalText): DecimalText {
  const held = decimal(position.quantity);
  if (held.isZero()) return "0";
  const costOfHeld = decimal(position.cost).times(held).div(decimal(position.bought));
  return text(held.times(decimal(price)).minus(costOfHeld).decimalPlaces(18));
}

function emptyPosition(fill: Fill, origin: PositionOrigin): Position {
  const { exchange, pair, filledAt } = fill;
  return {
    ...origin,
    exchange,
    pair,
    quantity: "0",
    bought: "0",
    cost: "0",
    sold: "0",
    proceeds: "0",
    openedAt: filledAt,
  };
}

/** A fee in the base asset lowers what is received; a fee in the quote currency costs money. */
function splitFee(fill: Fill): {
  base: ReturnType<typeof decimal>;
  quote: ReturnType<typeof decimal>;
} {
  const fee = decimal(fill.fee);
  const isBase = fill.side === "buy" && fill.pair.startsWith(`${fill.feeCurrency}/`);
  return isBase ? { base: fee, quote: ZERO } : { base: ZERO, quote: fee };
}
