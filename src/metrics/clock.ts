import type { Clock } from "../runtime/clock.ts";
import { type Maker, seconds } from "./make.ts";

/** What time it is for the hub, and what it takes to say so. */
export class ClockMetrics {
  readonly #clock: Clock;
  readonly #now;
  readonly #scrape;

  constructor(make: Maker, clock: Clock) {
    this.#clock = clock;
    this.#now = make.gauge(
      "engine_hub_clock_timestamp_seconds",
      "The hub's clock at the scrape; in a sandbox it may run faster than the world's",
    );
    this.#scrape = make.gauge(
      "engine_scrape_duration_seconds",
      "Time that the scrape before this one took",
    );
    this.#scrape.set(0);
  }

  beforeScrape(): void {
    this.#now.set(this.#clock.nowMs() / 1_000);
  }

  scraped(ms: number): void {
    this.#scrape.set(seconds(ms));
  }
}
