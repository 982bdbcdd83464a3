import type { OrderRequest } from "../../../market/order.ts";
import type { Clock } from "../../../runtime/clock.ts";
import { CallCounter } from "./call-counter.ts";
import { type FaultSource, ORDERS } from "./source.ts";

/** Where the answer to an order is cut off: before the order arrives, or after it was done. */
type OrderFault = "lost-order" | "lost-answer";

/** Decides for each order of the paper broker, pair by pair, whether it goes astray. */
export function orderFaults(
  source: FaultSource,
  clock: Clock,
): (order: Pick<OrderRequest, "pair">) => OrderFault | undefined {
  const counter = new CallCounter(clock);
  return ({ pair }) => {
    const fault = source(counter.next(ORDERS, pair.replace("/", "")));
    return fault?.kind === "lost-order" || fault?.kind === "lost-answer" ? fault.kind : undefined;
  };
}
