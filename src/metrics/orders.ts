import type { DecimalText } from "../market/decimal.ts";
import type { OrderState } from "../market/order.ts";
import { assetsOf } from "../market/series.ts";
import type { Side } from "../market/signal.ts";
import type { Clock } from "../runtime/clock.ts";
import { type Maker, seconds } from "./make.ts";

const STATES: readonly OrderState[] = [
  "created",
  "unknown",
  "open",
  "filled",
  "cancelled",
  "rejected",
];
const SIDES: readonly Side[] = ["buy", "sell"];
/** The hub places market orders only, and those always take liquidity. */
const TYPE = "market";
const LIQUIDITY = "taker";

interface OrderFact {
  readonly exchange: string;
  readonly pair: string;
  readonly portfolio: string;
  readonly side: Side;
}

interface OrderChange {
  readonly clientOrderId: string;
  readonly state: OrderState;
  readonly at: number;
  readonly ackMs?: number;
}

/** Orders, fills and fees. */
export class OrderMetrics {
  readonly #orders;
  readonly #unconfirmed;
  readonly #fills;
  readonly #fees;
  readonly #acknowledged;
  readonly #clock: Clock;
  /** Orders whose outcome is not known, and since when, by exchange. */
  readonly #doubtful = new Map<string, Map<string, number>>();

  constructor(make: Maker, clock: Clock) {
    this.#clock = clock;
    this.#orders = make.counter("engine_orders_total", "Orders by the state they reached", [
      "exchange",
      "portfolio",
      "side",
      "type",
      "status",
    ]);
    this.#acknowledged = make.histogram(
      "engine_order_ack_duration_seconds",
      "Order sent to the broker's answer",
      ["exchange"],
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    );
    this.#unconfirmed = make.gauge(
      "engine_orders_oldest_unconfirmed_seconds",
      "Age of the oldest order whose outcome is not known, computed at scrape",
      ["exchange"],
    );
    this.#fills = make.counter("engine_fills_total", "Fills", [
      "exchange",
      "portfolio",
      "side",
      "liquidity",
    ]);
    this.#fees = make.counter("engine_fees_quote_total", "Fees paid", ["portfolio", "quote"]);
  }

  know(exchange: string, portfolio: string, quote: string): void {
    for (const side of SIDES) {
      this.#fills.inc({ exchange, portfolio, side, liquidity: LIQUIDITY }, 0);
      for (const status of STATES) {
        this.#orders.inc({ exchange, portfolio, side, type: TYPE, status }, 0);
      }
    }
    this.#fees.inc({ portfolio, quote }, 0);
    if (this.#doubtful.has(exchange)) return;
    this.#doubtful.set(exchange, new Map());
    this.#acknowledged.zero({ exchange });
  }

  changed(order: OrderFact & OrderChange): void {
    const { exchange, portfolio, side, state, clientOrderId, ackMs } = order;
    if (ackMs !== undefined) this.#acknowledged.observe({ exchange }, seconds(ackMs));
    this.#orders.inc({ exchange, portfolio, side, type: TYPE, status: state });
    const doubtful = this.#doubtful.get(exchange) ?? new Map<string, number>();
    this.#doubtful.set(exchange, doubtful);
    if (state !== "unknown") doubtful.delete(clientOrderId);
    else if (!doubtful.has(clientOrderId)) doubtful.set(clientOrderId, order.at);
  }

  filled(fill: OrderFact & { fee: DecimalText }): void {
    const { exchange, portfolio, side } = fill;
    this.#fills.inc({ exchange, portfolio, side, liquidity: LIQUIDITY });
    const fee = Number(fill.fee);
    // A maker's rebate is a negative fee, and a counter cannot fall.
    if (fee > 0) this.#fees.inc({ portfolio, quote: assetsOf(fill.pair).quote }, fee);
  }

  beforeScrape(): void {
    const now = this.#clock.nowMs();
    for (const [exchange, doubtful] of this.#doubtful) {
      const oldest = Math.min(now, ...doubtful.values());
      this.#unconfirmed.set({ exchange }, (now - oldest) / 1_000);
    }
  }
}
