import type { OrderRequest } from "../../market/order.ts";
import type { Holding, OrderOutcome } from "../port.ts";

/**
 * What the paper venue remembers, apart from the hub's own books: its word on every order, and what it
 * holds. It outlives the process, as a real venue does.
 */
export interface PaperLedger {
  /**
   * Takes an order with what became of it; answers the word that stands, which is the first one.
   * @param at UTC ms on the hub's clock.
   */
  keep(order: OrderRequest, outcome: OrderOutcome, at: number): Promise<OrderOutcome>;
  /** What became of an order; undefined when it never came. */
  find(clientOrderId: string): Promise<OrderOutcome | undefined>;
  holdings(): Promise<readonly Holding[]>;
}
