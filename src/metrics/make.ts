import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Makes metrics in one registry; each with its help text and its labels. */
export class Maker {
  readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) {
    return new Counter<L>({ name, help, labelNames, registers: [this.registry] });
  }

  gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) {
    return new Gauge<L>({ name, help, labelNames, registers: [this.registry] });
  }

  histogram<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: readonly number[],
  ) {
    const registers = [this.registry];
    return new Histogram<L>({ name, help, labelNames, buckets: [...buckets], registers });
  }
}

/** A duration in seconds; never negative, since a histogram's sum must not fall. */
export function seconds(ms: number): number {
  return Math.max(0, ms / 1_000);
}
