/** Messages handled before timers and I/O get their turn: a few ms of work at most. */
const JOBS_A_TURN = 1_024;

/** A resolved promise runs its callback in a microtask, at a fraction of queueMicrotask's cost. */
const done = Promise.resolve();

/**
 * Shares the event loop: work starts at once while there is budget, and in the next turn beyond
 * it. Without this, actors telling each other in a circle would keep timers and I/O waiting forever.
 */
export class Turns {
  #left = JOBS_A_TURN;
  #isRefillDue = false;

  /** Takes one job of this turn's budget; false when it is used up. */
  spend(): boolean {
    if (!this.#isRefillDue) {
      this.#isRefillDue = true;
      setImmediate(() => {
        this.#isRefillDue = false;
        this.#left = JOBS_A_TURN;
      });
    }
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
