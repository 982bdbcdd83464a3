import type { Clock } from "../runtime/clock.ts";
import { SteadyTime } from "../runtime/steady-time.ts";
import { WORRYING_OFFSET_MS } from "./clock-schedule.ts";
import type { ClockOffset } from "./port.ts";

/**
 * The exchange's clock as far as we can tell: as it was measured last, carried on by monotonic time.
 * A step of the hub's own clock does not move it.
 */
export class ServerClock {
  readonly #clock: Clock;
  #exchange: SteadyTime | undefined;
  /** When the exchange's clock was measured, monotonic ms. */
  #measuredAt = 0;
  /** Our own clock as it was when it was last found right, or at the start. */
  #own: SteadyTime;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#own = new SteadyTime(clock, clock.nowMs());
  }

  /** UTC ms; our own clock before the first measurement. */
  nowMs(): number {
    return this.#exchange?.nowMs() ?? this.#clock.nowMs();
  }

  /**
   * What we know of the time by ourselves, UTC ms. A step of our clock counts only once the exchange's
   * has agreed with it: until then, time goes on as before the step.
   */
  ownNowMs(): number {
    return this.#exchange === undefined ? this.#clock.nowMs() : this.#own.nowMs();
  }

  /**
   * How far the clocks are apart now. After a step of ours that is at once more than was measured. How
   * old the measurement is is monotonic.
   */
  offset(): ClockOffset | undefined {
    if (this.#exchange === undefined) return undefined;
    const offsetMs = this.#exchange.nowMs() - this.#clock.nowMs();
    return { offsetMs, ageMs: this.#clock.monotonicMs() - this.#measuredAt };
  }

  /**
   * Takes one reading: exchange time minus monotonic time, ms. The venue is taken to have looked at
   * its clock halfway between question and answer.
   * @param ask answers the venue's clock, UTC ms.
   */
  async compare(ask: () => Promise<number>): Promise<number> {
    const startedAt = this.#clock.monotonicMs();
    const serverMs = await ask();
    return serverMs - (startedAt + this.#clock.monotonicMs()) / 2;
  }

  /**
   * Keeps the middle one of several readings, since one alone is often delayed.
   * Returns exchange time minus hub time, ms.
   */
  adopt(readings: readonly number[]): number {
    const sorted = readings.toSorted((a, b) => a - b);
    const middle = sorted[Math.floor(sorted.length / 2)];
    const nowMs = this.#clock.nowMs();
    if (middle === undefined) return this.nowMs() - nowMs;
    this.#measuredAt = this.#clock.monotonicMs();
    this.#exchange = new SteadyTime(this.#clock, this.#measuredAt + middle);
    const offsetMs = this.#exchange.nowMs() - nowMs;
    if (Math.abs(offsetMs) <= WORRYING_OFFSET_MS) this.#own = new SteadyTime(this.#clock, nowMs);
    return offsetMs;
  }
}
