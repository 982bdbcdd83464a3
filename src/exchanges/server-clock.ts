import type { Clock } from "../runtime/clock.ts";
import type { ClockOffset } from "./port.ts";

/** The exchange's clock as far as we can tell: the hub's clock plus the last measured difference. */
export class ServerClock {
  readonly #clock: Clock;
  #offsetMs = 0;
  /** When the difference was measured, monotonic ms; undefined before the first time. */
  #measuredAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** UTC ms. */
  nowMs(): number {
    return this.#clock.nowMs() + this.#offsetMs;
  }

  /** The last measurement. How old it is is monotonic: the wall clock's step is what it is to show. */
  offset(): ClockOffset | undefined {
    if (this.#measuredAt === undefined) return undefined;
    return { offsetMs: this.#offsetMs, ageMs: this.#clock.monotonicMs() - this.#measuredAt };
  }

  /**
   * Takes one reading: exchange time minus hub time, ms. The venue is taken to have looked at its
   * clock halfway between question and answer.
   * @param ask answers the venue's clock, UTC ms.
   */
  async compare(ask: () => Promise<number>): Promise<number> {
    const sentAt = this.#clock.nowMs();
    // How long it took is monotonic: the hub's wall clock may step in between.
    const startedAt = this.#clock.monotonicMs();
    const serverMs = await ask();
    return serverMs - (sentAt + (this.#clock.monotonicMs() - startedAt) / 2);
  }

  /** Keeps the middle one of several readings, since one alone is often delayed; returns it, ms. */
  adopt(readings: readonly number[]): number {
    const sorted = readings.toSorted((a, b) => a - b);
    this.#offsetMs = Math.round(sorted[Math.floor(sorted.length / 2)] ?? this.#offsetMs);
    this.#measuredAt = this.#clock.monotonicMs();
    return this.#offsetMs;
  }
}
