import type { PoolFigures } from "../store/port.ts";
import type { StoreFigures } from "../store/upkeep-port.ts";
import { BoundedLabel } from "./labels.ts";
import { type Maker, seconds } from "./make.ts";

/** One call of a database function, as the store's adapter reports it. */
export interface StoreCall {
  readonly operation: string;
  readonly outcome: "ok" | "offline" | "refused";
  readonly durationMs: number;
}

/** Time of the store's operations, its size, and whether it is there. */
export class StoreMetrics {
  readonly #duration;
  readonly #up;
  readonly #bytes;
  readonly #pool;
  readonly #operation = new BoundedLabel(60);

  constructor(make: Maker) {
    this.#duration = make.histogram(
      "engine_db_operation_duration_seconds",
      "Time of a store operation",
      ["operation", "outcome"],
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    );
    this.#up = make.gauge("engine_db_up", "0 while the store is away");
    this.#up.set(1);
    this.#pool = make.gauge(
      "engine_db_pool_connections",
      "Connections by what they do; waiting counts calls that found none free",
      ["state"],
    );
    this.#bytes = make.gauge(
      "engine_store_bytes",
      "Size on disk with indexes; candles of a timeframe together",
      ["table"],
    );
  }

  changed(state: "ok" | "offline"): void {
    this.#up.set(state === "ok" ? 1 : 0);
  }

  pooled({ idle, busy, waiting }: PoolFigures): void {
    this.#pool.set({ state: "idle" }, idle);
    this.#pool.set({ state: "busy" }, busy);
    this.#pool.set({ state: "waiting" }, waiting);
  }

  called({ operation, outcome, durationMs }: StoreCall): void {
    const label = this.#operation.of(operation);
    this.#duration.observe({ operation: label, outcome }, seconds(durationMs));
  }

  sized({ tables, candles }: StoreFigures): void {
    this.#bytes.reset(); // a table that is gone has no size
    for (const { name, totalBytes } of tables) this.#bytes.set({ table: name }, totalBytes);
    for (const { timeframe, totalBytes } of candles) {
      this.#bytes.set({ table: `candles_${timeframe}` }, totalBytes);
    }
  }
}
