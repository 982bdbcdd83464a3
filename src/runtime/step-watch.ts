import type { Cancel, Clock } from "./clock.ts";
import { SteadyTime } from "./steady-time.ts";

/** Between two looks, machine ms. */
const LOOK_EVERY_MS = 5_000;

/** Wall and monotonic time further apart than this since the last look: a step, or a sleep. Clock's ms. */
const STEP_MS = 500;

/** A look that comes so much too late: the process stood still, and perhaps the machine. Machine ms. */
const LATE_MS = 10_000;

/**
 * Notices that the wall clock was set, or that the machine slept, at most 5 s of its running time
 * afterwards. It cannot tell which of the two it was: whoever is told finds out by asking the time.
 */
export class StepWatch {
  readonly #clock: Clock;
  readonly #machineClock: Clock;
  readonly #listeners = new Set<(byMs: number) => void>();
  #expected: SteadyTime;
  #lookedAtMs: number;
  #cancel: Cancel | undefined;

  /** @param clock the one that is watched; looks go by the machine's. */
  constructor(clock: Clock, machineClock: Clock) {
    this.#clock = clock;
    this.#machineClock = machineClock;
    this.#expected = new SteadyTime(clock, clock.nowMs());
    this.#lookedAtMs = machineClock.monotonicMs();
  }

  /** @param listener told how far the wall clock moved, ms; about 0 when only the process stood still. */
  onStep(listener: (byMs: number) => void): Cancel {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  start(): void {
    this.#cancel ??= this.#machineClock.after(LOOK_EVERY_MS, () => {
      this.#cancel = undefined;
      this.start();
      this.#look();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #look(): void {
    const nowMs = this.#clock.nowMs();
    const byMs = nowMs - this.#expected.nowMs();
    const machineMs = this.#machineClock.monotonicMs();
    const lateMs = machineMs - this.#lookedAtMs - LOOK_EVERY_MS;
    this.#lookedAtMs = machineMs;
    this.#expected = new SteadyTime(this.#clock, nowMs);
    if (Math.abs(byMs) <= STEP_MS && lateMs <= LATE_MS) return;
    for (const listener of this.#listeners) listener(byMs);
  }
}
