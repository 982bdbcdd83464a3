import type { Clock } from "./clock.ts";

/** Messages handled before timers and I/O get their turn... */
const JOBS_A_TURN = 1_024;
/** ...and how long they may take together: a request of HTTP waits no longer for its turn, machine ms. */
const TURN_MS = 5;
/** The clock is looked at once for so many messages, since a look costs as much as a small one. */
const JOBS_A_LOOK = 8;

/** A resolved promise runs its callback in a microtask, at a fraction of queueMicrotask's cost. */
const done = Promise.resolve();

/**
 * Shares the event loop: work starts at once while there is budget, and in the next turn beyond
 * it. Without this, actors telling each other in a circle would keep timers and I/O waiting forever.
 */
export class Turns {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #left = JOBS_A_TURN;
  #endsAt = 0;
  #isRefillDue = false;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Takes one job of this turn's budget; false when it is used up. */
  spend(): boolean {
    if (!this.#isRefillDue) {
      this.#isRefillDue = true;
      this.#endsAt = this.#clock.monotonicMs() + TURN_MS;
      setImmediate(() => {
        this.#isRefillDue = false;
        this.#left = JOBS_A_TURN;
      });
    }
    const isLook = this.#left % JOBS_A_LOOK === 0;
    if (isLook && this.#clock.monotonicMs() > this.#endsAt) this.#left = 0;
    return this.#left-- > 0;
  }

  /** Runs a job as soon as what runs now has returned. */
  soon(job: () => void): void {
    void done.then(job);
  }

  /** Runs a job after timers and I/O had their turn. */
  later(job: () => void): void {
    setImmediate(job);
  }
}
