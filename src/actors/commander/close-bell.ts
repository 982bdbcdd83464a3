import type { Timeframe } from "../../market/timeframe.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import { SteadyTime } from "../../runtime/steady-time.ts";
import {
  type DueClose,
  dueCloses,
  toldAtJoining,
  toldByWrongClock,
  waitForNextClose,
} from "./close-calendar.ts";

/** The clock is read again at least this often: before the first measurement it may step. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Rings at each close of the timeframes in use on one exchange, a set delay after it. Goes by the
 * hub's clock until the exchange's was measured; from then on by that, carried on by monotonic time.
 */
export class CloseBell {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #ring: (close: DueClose) => void;
  readonly #told = new Map<Timeframe, number>();
  readonly #users = new Map<Timeframe, number>();
  #exchange: SteadyTime | undefined;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, delayMs: number, ring: (close: DueClose) => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#ring = ring;
  }

  /** Counts one more series of a timeframe. */
  join(timeframe: Timeframe): void {
    const users = this.#users.get(timeframe) ?? 0;
    this.#users.set(timeframe, users + 1);
    if (users > 0) return;
    this.#told.set(timeframe, toldAtJoining(timeframe, this.#now(), this.#delayMs));
    this.#wind();
  }

  /** Counts one less. */
  leave(timeframe: Timeframe): void {
    const users = (this.#users.get(timeframe) ?? 0) - 1;
    if (users > 0) {
      this.#users.set(timeframe, users);
      return;
    }
    this.#users.delete(timeframe);
    this.#told.delete(timeframe);
    this.#wind();
  }

  /** Takes over how far the exchange's clock is ahead of the hub's, as just measured, ms. */
  setOffset(offsetMs: number): void {
    this.#exchange = new SteadyTime(this.#clock, this.#clock.nowMs() + offsetMs);
    const told = toldByWrongClock(this.#exchange.nowMs(), this.#delayMs, this.#told);
    for (const [timeframe, closeTime] of told) this.#told.set(timeframe, closeTime);
    this.#wind();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #now(): number {
    return this.#exchange?.nowMs() ?? this.#clock.nowMs();
  }

  /** Rings for what is due by the time as it is now, and waits for the next. */
  #wind(): void {
    this.stop();
    for (const close of dueCloses(this.#users.keys(), this.#now(), this.#delayMs, this.#told)) {
      this.#told.set(close.timeframe, close.closeTime);
      this.#ring(close);
    }
    const wait = waitForNextClose(this.#users.keys(), this.#now(), this.#delayMs);
    if (wait === undefined) return;
    this.#cancel = this.#clock.after(Math.min(wait, LONGEST_WAIT_MS), () => this.#wind());
  }
}
