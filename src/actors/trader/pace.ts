import type { Clock } from "../../runtime/clock.ts";

/** However fast the hub's clock runs, nothing is due more often, machine ms. */
const LEAST_MACHINE_MS = 1_000;

/** A cadence on the hub's clock. */
export class Pace {
  readonly #clock: Clock;
  readonly #machineClock: Clock;
  readonly #everyMs: number;
  #doneAt: number | undefined;
  #machineDoneAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, machineClock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#machineClock = machineClock;
    this.#everyMs = everyMs;
  }

  /** When it is due: now. Undefined while it is not. */
  due(): number | undefined {
    const now = this.#clock.nowMs();
    const sinceMs = now - (this.#doneAt ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back is not waited for.
    if (sinceMs >= 0 && sinceMs < this.#everyMs) return undefined;
    const rest = this.#machineClock.monotonicMs() - this.#machineDoneAt;
    return rest < LEAST_MACHINE_MS ? undefined : now;
  }

  /** What was due at an instant has been done; until it is said, it stays due. */
  done(at: number): void {
    this.#doneAt = at;
    this.#machineDoneAt = this.#machineClock.monotonicMs();
  }
}
