import { BoundedLabel } from "./labels.ts";
import { type Maker, seconds } from "./make.ts";

/** One call of a database function, as the store's adapter reports it. */
export interface StoreCall {
  readonly operation: string;
  readonly outcome: "ok" | "offline" | "refused";
  readonly durationMs: number;
}

/** Time of the store's operations. */
export class StoreMetrics {
  readonly #duration;
  readonly #operation = new BoundedLabel(60);

  constructor(make: Maker) {
    this.#duration = make.histogram(
      "engine_db_operation_duration_seconds",
      "Time of a store operation",
      ["operation", "outcome"],
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    );
  }

  called({ operation, outcome, durationMs }: StoreCall): void {
    const label = this.#operation.of(operation);
    this.#duration.observe({ operation: label, outcome }, seconds(durationMs));
  }
}
