import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { machineClock } from "./clock.ts";
import type { ProcessFigures } from "./spec.ts";

/** How often the delay of the event loop is looked at, ms. */
const RESOLUTION_MS = 20;
/** Delays are gathered at least this long, however often they are asked for: a few tell nothing, ms. */
const GATHERED_MS = 2_000;
const NS_PER_MS = 1e6;

/** Measures the process it stands in, from its making on. */
export class ProcessMeter {
  readonly #delay: IntervalHistogram;
  #sinceMs = machineClock.monotonicMs();

  constructor() {
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#delay.enable();
  }

  /** What the process uses now; delays of the event loop are those of the last seconds. */
  read(): ProcessFigures {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const p99 = this.#delay.percentile(99) / NS_PER_MS;
    this.#forgetOld();
    return {
      residentBytes: rss,
      heapUsedBytes: heapUsed,
      cpuSeconds: (user + system) / 1e6,
      // It counts the time between looks as well, which is no delay.
      loopLagP99Ms: Math.max(0, p99 - RESOLUTION_MS),
    };
  }

  stop(): void {
    this.#delay.disable();
  }

  #forgetOld(): void {
    const nowMs = machineClock.monotonicMs();
    if (nowMs - this.#sinceMs < GATHERED_MS) return;
    this.#sinceMs = nowMs;
    this.#delay.reset();
  }
}
