import type { ManySeries } from "../many-series.ts";

/** From the first to the last fact of a close, machine ms since 1970. */
export interface Close {
  from: number;
  until: number;
}

/** Facts of one close come closer together than this; between two closes lies more, ms. */
const QUIET_MS = 500;

/** Notes when the hub is at work on a close, from now on. */
export class Closes {
  readonly found: Close[] = [];
  readonly #stop: () => void;

  constructor({ hub }: ManySeries) {
    this.#stop = hub.events.subscribe(({ event }) => {
      if (event.kind !== "candle-saved" && event.kind !== "verdict-given") return;
      const now = performance.timeOrigin + performance.now();
      const last = this.found.at(-1);
      if (last === undefined || now - last.until > QUIET_MS)
        this.found.push({ from: now, until: now });
      else last.until = now;
    });
  }

  /** Of requests, those that were under way during a close. */
  during(latencies: readonly number[], sentAt: readonly number[]): number[] {
    return latencies.filter((latency, n) => {
      const at = sentAt[n] ?? 0;
      return this.found.some(({ from, until }) => at <= until && at + latency >= from);
    });
  }

  stop(): void {
    this.#stop();
  }
}
