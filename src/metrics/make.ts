import { Counter, Gauge } from "prom-client";
import type { Metric } from "./exposition.ts";
import { Histogram } from "./histogram.ts";

/** Makes metrics, each with its help text and its labels, and keeps them in their order. */
export class Maker {
  readonly #made: Metric[] = [];

  get made(): readonly Metric[] {
    return this.#made;
  }

  counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) {
    return this.#keep(new Counter<L>({ name, help, labelNames, registers: [] }));
  }

  gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) {
    return this.#keep(new Gauge<L>({ name, help, labelNames, registers: [] }));
  }

  histogram<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: readonly number[],
  ) {
    return this.#keep(new Histogram<L>(name, help, labelNames, buckets));
  }

  #keep<M extends Metric>(metric: M): M {
    this.#made.push(metric);
    return metric;
  }
}

/** A duration in seconds; never negative, since a histogram's sum must not fall. */
export function seconds(ms: number): number {
  return Math.max(0, ms / 1_000);
}
