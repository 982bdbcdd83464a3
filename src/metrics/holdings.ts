import type { Maker } from "./make.ts";

/** Whose it is, and where. */
export interface Holding {
  readonly exchange: string;
  readonly portfolio: string;
}

/** What is held and what is under way, as the store said last. */
export class HoldingMetrics {
  readonly #positions;
  readonly #orders;
  readonly #known = new Map<string, Holding>();

  constructor(make: Maker) {
    const labels = ["exchange", "portfolio"] as const;
    this.#positions = make.gauge("engine_positions_open", "Positions held", labels);
    this.#orders = make.gauge("engine_orders_open", "Orders that have not ended", labels);
  }

  know(holding: Holding): void {
    this.#known.set(`${holding.exchange} ${holding.portfolio}`, holding);
  }

  set(positions: readonly Holding[], working: readonly Holding[]): void {
    for (const [gauge, held] of [
      [this.#positions, positions],
      [this.#orders, working],
    ] as const) {
      gauge.reset();
      for (const { exchange, portfolio } of this.#known.values())
        gauge.set({ exchange, portfolio }, 0);
      for (const { exchange, portfolio } of held) gauge.inc({ exchange, portfolio });
    }
  }
}
