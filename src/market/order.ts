import type { DecimalText } from "./decimal.ts";
import type { Side } from "./signal.ts";

/** Why an order exists: a signal that was accepted, the protection of a position, or a halt that ends it. */
export type OrderOrigin = "signal" | "stop-loss" | "take-profit" | "flatten";

/** An order the hub has decided to place: a market order for a quantity, never more. */
export interface OrderRequest {
  /** Derived from the signal (or position and trigger): the same decision always has the same id. */
  readonly clientOrderId: string;
  readonly origin: OrderOrigin;
  /** Absent for protective orders. */
  readonly signalId?: string;
  readonly portfolio: string;
  readonly exchange: string;
  readonly pair: string;
  readonly side: Side;
  /** Base asset, already on the venue's step. */
  readonly quantity: DecimalText;
  /** Price the decision was made at, quote currency; slippage is measured from here. */
  readonly referencePrice: DecimalText;
  readonly strategy: string;
  readonly stopLoss?: DecimalText;
  readonly takeProfit?: DecimalText;
}

/** One execution, a fact that never changes. */
export interface Fill {
  /** The venue's id of the execution, unique together with the order. */
  readonly id: string;
  readonly clientOrderId: string;
  readonly exchange: string;
  readonly pair: string;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  /** Fee paid, in {@link feeCurrency}. */
  readonly fee: DecimalText;
  readonly feeCurrency: string;
  readonly liquidity: "maker" | "taker";
  /** UTC ms on the exchange's clock. */
  readonly filledAt: number;
}

interface Placed extends OrderRequest {
  readonly createdAt: number;
}

/** An order, holding in each state only what is true in it. */
export type Order =
  /** Written down, not yet sent: after a crash it may be sent, since nobody else knows of it. */
  | (Placed & { readonly state: "created" })
  /** Sent, and the outcome was cut off: only the venue can say what happened to it. */
  | (Placed & { readonly state: "unknown"; readonly sentAt: number })
  /** The venue has it; `filled` of it is done. */
  | (Placed & { readonly state: "open"; readonly sentAt: number; readonly filled: DecimalText })
  | (Placed & {
      readonly state: "filled";
      readonly sentAt: number;
      readonly filled: DecimalText;
      /** Volume-weighted price of its fills, quote currency. */
      readonly averagePrice: DecimalText;
      readonly endedAt: number;
    })
  /** Ended early with a part done, or none. */
  | (Placed & {
      readonly state: "cancelled";
      readonly sentAt: number;
      readonly filled: DecimalText;
      readonly reason: string;
      readonly endedAt: number;
    })
  /** The venue refused it; nothing was traded. */
  | (Placed & { readonly state: "rejected"; readonly reason: string; readonly endedAt: number });

export type OrderState = Order["state"];

const NEXT: Record<OrderState, readonly OrderState[]> = {
  created: ["unknown", "open", "filled", "cancelled", "rejected"],
  unknown: ["created", "open", "filled", "cancelled", "rejected"],
  open: ["open", "unknown", "filled", "cancelled"],
  filled: [],
  cancelled: [],
  rejected: [],
};

/** Says whether an order may go from one state to another; a state that ends an order is final. */
export function mayBecome(from: OrderState, to: OrderState): boolean {
  return NEXT[from].includes(to);
}

export function isEnded(state: OrderState): boolean {
  return NEXT[state].length === 0;
}
