import { type DecimalText, decimal } from "../market/decimal.ts";
import type { Side } from "../market/signal.ts";
import type { Maker } from "./make.ts";

/** How much worse, or better, fills were than the price that was decided on. */
export class FillMetrics {
  readonly #adverse;
  readonly #mean;
  /** Sum and count of all fills since the start, by exchange. */
  readonly #sums = new Map<string, { sum: number; count: number }>();

  constructor(make: Maker) {
    this.#adverse = make.histogram(
      "engine_fill_slippage_ratio",
      "How much worse than decided on a fill was; 0 for one that was better",
      ["exchange"],
      [0, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05],
    );
    this.#mean = make.gauge(
      "engine_fill_slippage_signed_mean_ratio",
      "Mean slippage of all fills since the start; below 0, fills were better than decided on",
      ["exchange"],
    );
  }

  know(exchange: string): void {
    if (this.#sums.has(exchange)) return;
    this.#sums.set(exchange, { sum: 0, count: 0 });
    this.#adverse.zero({ exchange });
    this.#mean.set({ exchange }, 0);
  }

  filled(fill: {
    readonly exchange: string;
    readonly side: Side;
    readonly price: DecimalText;
    readonly referencePrice: DecimalText;
  }): void {
    const { exchange } = fill;
    const reference = decimal(fill.referencePrice);
    if (!reference.isGreaterThan(0)) return;
    this.know(exchange);
    const rise = decimal(fill.price).minus(reference).div(reference).toNumber();
    const slippage = fill.side === "buy" ? rise : 0 - rise;
    this.#adverse.observe({ exchange }, Math.max(0, slippage));
    const before = this.#sums.get(exchange) ?? { sum: 0, count: 0 };
    const after = { sum: before.sum + slippage, count: before.count + 1 };
    this.#sums.set(exchange, after);
    this.#mean.set({ exchange }, after.sum / after.count);
  }
}
