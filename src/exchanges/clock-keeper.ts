import type { Cancel, Clock } from "../runtime/clock.ts";
import type { StepWatch } from "../runtime/step-watch.ts";
import { clockWaitMs } from "./clock-schedule.ts";

export interface ClockKeeperDeps {
  /** The hub's clock: waits between measurements. */
  readonly clock: Clock;
  readonly steps: Pick<StepWatch, "onStep">;
  /** Exchange time minus hub time, ms; undefined when it could not be measured. */
  readonly measure: () => Promise<number | undefined>;
  /** Told of what `measure` throws; nothing is measured any more then. */
  readonly onError: (error: unknown) => void;
}

/**
 * Has an exchange's clock measured again and again, and at once when ours was set or the machine
 * slept: what was measured before a sleep is behind by as long.
 */
export class ClockKeeper {
  readonly #deps: ClockKeeperDeps;
  #cancelWait: Cancel | undefined;
  #unlisten: Cancel | undefined;
  #isMeasuring = false;
  /** Something happened while it was measured: what comes of it may be wrong. */
  #isOld = false;
  #isStopped = false;

  constructor(deps: ClockKeeperDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#unlisten = this.#deps.steps.onStep(() => this.#measure());
    this.#measure();
  }

  stop(): void {
    this.#isStopped = true;
    this.#unlisten?.();
    this.#cancelWait?.();
  }

  #measure(): void {
    this.#cancelWait?.();
    if (this.#isMeasuring) {
      this.#isOld = true;
      return;
    }
    this.#isMeasuring = true;
    this.#deps.measure().then((offsetMs) => this.#measured(offsetMs), this.#deps.onError);
  }

  #measured(offsetMs: number | undefined): void {
    this.#isMeasuring = false;
    if (this.#isStopped) return;
    const waitMs = this.#isOld ? 0 : clockWaitMs(offsetMs);
    this.#isOld = false;
    this.#cancelWait = this.#deps.clock.after(waitMs, () => this.#measure());
  }
}
