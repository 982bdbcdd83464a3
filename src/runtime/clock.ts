import { performance } from "node:perf_hooks";

/** Ends something that was started; calling it twice does no harm. */
export type Cancel = () => void;

/**
 * Time as it is handed in to whatever waits or stamps.
 * Wall time answers "when" and may step; monotonic time answers "how long" and never goes back.
 */
export interface Clock {
  /** UTC ms. */
  nowMs(): number;
  /** Ms since an arbitrary start; of the machine's clock the same for all processes of the machine. */
  monotonicMs(): number;
  /** Calls back once after a wait of this clock's ms. */
  after(waitMs: number, callback: () => void): Cancel;
  /** Resolves after a wait; rejects with the signal's reason when it is aborted first. */
  sleep(waitMs: number, signal?: AbortSignal): Promise<void>;
}

/** Node refuses longer timers: it would fire them at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function sleepOn(clock: Clock, waitMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.after(waitMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * A clock that runs `speed` times as fast as the machine's, starting at `startMs`.
 * With speed 1 and no start it is the machine's own clock.
 */
class RunningClock implements Clock {
  readonly #speed: number;
  readonly #startMs: number | undefined;
  /** Where monotonic time has its zero, on `performance.now()`. */
  readonly #startedAt: number;

  constructor(speed: number, startMs: number | undefined, startedAt: number) {
    this.#speed = speed;
    this.#startMs = startMs;
    this.#startedAt = startedAt;
  }

  nowMs(): number {
    if (this.#startMs === undefined) return Date.now();
    return Math.floor(this.#startMs + this.monotonicMs());
  }

  monotonicMs(): number {
    return (performance.now() - this.#startedAt) * this.#speed;
  }

  after(waitMs: number, callback: () => void): Cancel {
    const realMs = Math.max(0, waitMs) / this.#speed;
    if (realMs > LONGEST_TIMER_MS) {
      // A wait of more than 24 days goes in stages.
      let cancelRest: Cancel | undefined;
      const stage = setTimeout(() => {
        cancelRest = this.after(waitMs - LONGEST_TIMER_MS * this.#speed, callback);
      }, LONGEST_TIMER_MS);
      return () => {
        clearTimeout(stage);
        cancelRest?.();
      };
    }
    const timer = setTimeout(callback, realMs);
    return () => clearTimeout(timer);
  }

  sleep(waitMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, waitMs, signal);
  }
}

/** When the machine began to count, on `performance.now()`. */
const MACHINE_START = performance.now() - Number(process.hrtime.bigint()) / 1e6;

/** The machine's clock: time limits of I/O, heartbeats and back-off run on it. */
export const machineClock: Clock = new RunningClock(1, undefined, MACHINE_START);

/**
 * A clock that starts at an instant and runs faster than the machine's.
 * @param speed above zero; 60 lets a minute pass in a second.
 */
export function fastClock(speed: number, startMs: number): Clock {
  return new RunningClock(speed, startMs, performance.now());
}

export { sleepOn };
