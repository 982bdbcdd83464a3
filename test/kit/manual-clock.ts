import { type Cancel, type Clock, sleepOn } from "../../src/runtime/clock.ts";

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until a test moves it. Wall and monotonic time move together, unless it
 * is set or suspended.
 */
export class ManualClock implements Clock {
  readonly #startMs: number;
  readonly #timers = new Set<Timer>();
  #elapsedMs = 0;
  #setByMs = 0;
  #made = 0;

  /** @param startMs UTC ms at which the clock stands first. */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs;
  }

  nowMs(): number {
    return this.#startMs + this.#elapsedMs + this.#setByMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  after(waitMs: number, callback: () => void): Cancel {
    const timer = { dueMs: this.#elapsedMs + Math.max(0, waitMs), order: this.#made++, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  sleep(waitMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, waitMs, signal);
  }

  /** How many timers have still to ring. */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Moves the clock on. Timers that fall due ring in order, each at its own time, with whatever
   * they set in motion done before the next; those they start ring too when they fall due.
   * @throws RangeError when asked to go back.
   */
  async advance(byMs: number): Promise<void> {
    if (!(byMs >= 0)) throw new RangeError(`a clock does not go back: ${byMs} ms`);
    const untilMs = this.#elapsedMs + byMs;
    await settle();
    for (let timer = this.#next(untilMs); timer !== undefined; timer = this.#next(untilMs)) {
      this.#timers.delete(timer);
      this.#elapsedMs = Math.max(this.#elapsedMs, timer.dueMs);
      timer.callback();
      await settle();
    }
    this.#elapsedMs = untilMs;
  }

  /**
   * Lets time pass over a process that is frozen: nothing rings, and what fell due meanwhile rings
   * when the clock is moved next.
   */
  freeze(forMs: number): void {
    this.#elapsedMs += forMs;
  }

  /** Sets the wall clock on, or back; how long something takes does not change, and nothing rings. */
  step(byMs: number): void {
    this.#setByMs += byMs;
  }

  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      const isSooner =
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.order < next.order);
      if (isSooner) next = timer;
    }
    return next;
  }
}

/**
 * How many turns of the event loop {@link settle} lets pass: comedy takes several to make or end
 * an actor, and a group of actors ends one after the other. An idle turn costs a microsecond.
 */
const TURNS = 40;

/** Lets what is under way run out: promises, and what they queue for the next turns. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await nextTurn();
}

/** Lets one turn of the event loop pass. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
