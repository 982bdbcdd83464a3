import type { Cancel, Clock } from "../../runtime/clock.ts";
import { ExchangeFailure } from "../errors.ts";
import { PRIORITY, type Priority } from "../port.ts";
import { BanGate } from "./ban-gate.ts";
import { type CompleteSettings, completeSettings, type LimiterSettings } from "./limits.ts";
import { Spend } from "./spend.ts";
import { WaitingLine } from "./waiting-line.ts";

/** What one call costs and how urgent it is. */
interface CallTerms {
  readonly weight: number;
  readonly priority: Priority;
  /** Ends the wait; a call already under way is left to end by itself, unheard. */
  readonly signal?: AbortSignal | undefined;
}

/** Hands out the request budget of one exchange to everybody who calls it from this address. */
export interface Limiter {
  /**
   * Runs a call when the budget allows it and nobody more urgent waits.
   * @throws ExchangeFailure `banned` at once while shut out, `transient` when turned away or kept
   * waiting too long, `permanent` for a call that costs more than the whole budget.
   */
  run<T>(terms: CallTerms, work: () => Promise<T>): Promise<T>;
  /** Tells what the venue says was used in its current window, as its answers report it. */
  noteUsed(weight: number): void;
  /** Stops everything until an instant, UTC ms on the clock, and a little longer. */
  ban(untilMs: number): void;
  /** Share of the budget left in the current window, 0 to 1; 0 while shut out. */
  budgetLeft(): number;
  /** Turns away everybody who waits, and everybody who comes later. */
  close(): void;
}

interface Job {
  readonly weight: number;
  readonly priority: Priority;
  readonly start: () => void;
  readonly refuse: (failure: ExchangeFailure) => void;
}

/** The limiter's parts: the exchange's id is for messages, the clock the one its market runs on. */
export interface LimiterDeps {
  readonly exchange: string;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Makes the one limiter of an exchange and address. Two of them would each spend the whole budget.
 * @throws RangeError for settings under which no call could ever go.
 */
export function createLimiter(deps: LimiterDeps, settings: LimiterSettings): Limiter {
  return new WeightLimiter(deps, completeSettings(settings));
}

class WeightLimiter implements Limiter {
  readonly #deps: LimiterDeps;
  readonly #settings: CompleteSettings;
  readonly #spend: Spend;
  readonly #gate: BanGate;
  readonly #line = new WaitingLine<Job>();
  #inFlight = 0;
  /** Monotonic ms before which spacing lets nobody start. */
  #nextStartAt = Number.NEGATIVE_INFINITY;
  #cancelWake: Cancel | undefined;
  #isClosed = false;

  constructor(deps: LimiterDeps, settings: CompleteSettings) {
    this.#deps = deps;
    this.#settings = settings;
    this.#spend = new Spend(settings.windowMs);
    this.#gate = new BanGate(deps.clock, deps.random);
  }

  async run<T>(terms: CallTerms, work: () => Promise<T>): Promise<T> {
    terms.signal?.throwIfAborted();
    this.#checkEntry(terms.weight);
    return new Promise<T>((resolve, reject) => {
      const waiting: { cancel?: Cancel } = {};
      const leave = (): void => {
        waiting.cancel?.();
        terms.signal?.removeEventListener("abort", onAbort);
      };
      const settle = (how: () => void): void => {
        leave();
        how();
      };
      const job: Job = {
        weight: terms.weight,
        priority: terms.priority,
        start: () => {
          waiting.cancel?.();
          void this.#perform(job.weight, work).then(
            (value) => settle(() => resolve(value)),
            (thrown: unknown) => settle(() => reject(thrown as Error)),
          );
        },
        refuse: (failure) => settle(() => reject(failure)),
      };
      const onAbort = (): void => {
        if (this.#line.remove(job)) this.#pump();
        settle(() => reject(terms.signal?.reason as Error));
      };
      terms.signal?.addEventListener("abort", onAbort, { once: true });
      this.#enter(job);
      // Most calls start at once and need no timer.
      if (this.#line.has(job)) waiting.cancel = this.#expireLater(job);
    });
  }

  noteUsed(weight: number): void {
    if (weight >= 0) this.#spend.raiseTo(weight, this.#now());
  }

  ban(untilMs: number): void {
    this.#gate.close(untilMs);
    for (const job of this.#line.drain()) job.refuse(this.#banned());
  }

  budgetLeft(): number {
    if (this.#gate.remainingMs() > 0) return 0;
    return Math.max(0, 1 - this.#spend.used(this.#now()) / this.#settings.budget);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelWake?.();
    for (const job of this.#line.drain()) job.refuse(this.#failure("transient", "closed"));
  }

  #checkEntry(weight: number): void {
    if (this.#isClosed) throw this.#failure("transient", "closed");
    if (this.#gate.remainingMs() > 0) throw this.#banned();
    if (weight > this.#settings.budget) {
      throw this.#failure("permanent", `a call of weight ${weight} exceeds the whole budget`);
    }
  }

  #enter(job: Job): void {
    this.#line.add(job);
    if (this.#line.size > this.#settings.maxWaiting) {
      const least = this.#line.last();
      if (least !== undefined && this.#line.remove(least)) {
        least.refuse(this.#failure("transient", "too many calls are waiting for the budget"));
      }
    }
    this.#pump();
  }

  #expireLater(job: Job): Cancel {
    const { maxWaitMs } = this.#settings;
    return this.#deps.clock.after(maxWaitMs, () => {
      if (!this.#line.remove(job)) return;
      job.refuse(this.#failure("transient", `no budget within ${maxWaitMs} ms`));
      this.#pump();
    });
  }

  /** Starts everybody whose turn it is, then sets the alarm for the next in line. */
  #pump(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    while (this.#inFlight < this.#settings.maxInFlight) {
      // Nobody overtakes the first, or a heavy call would wait for ever behind light ones.
      const job = this.#line.first();
      if (job === undefined) return;
      const waitMs = this.#waitOf(job);
      if (waitMs > 0) {
        // Without a limit the end of a call under way wakes the line.
        if (waitMs < Number.POSITIVE_INFINITY) {
          this.#cancelWake = this.#deps.clock.after(Math.ceil(waitMs), () => this.#pump());
        }
        return;
      }
      this.#line.remove(job);
      job.start();
    }
  }

  #waitOf(job: Job): number {
    const { budget, reserveShare } = this.#settings;
    const share = job.priority <= PRIORITY.quote ? 1 : 1 - reserveShare;
    // A call heavier than its share may still go when nothing else was spent.
    const level = Math.max(0, budget * share - job.weight);
    const nowMs = this.#now();
    return Math.max(this.#spend.waitUntilAtMost(level, nowMs), this.#nextStartAt - nowMs);
  }

  async #perform<T>(weight: number, work: () => Promise<T>): Promise<T> {
    this.#inFlight++;
    this.#spend.begin(weight);
    this.#nextStartAt = this.#now() + this.#settings.spacingMs * weight;
    try {
      return await work();
    } finally {
      this.#inFlight--;
      this.#spend.end(weight, this.#now());
      this.#pump();
    }
  }

  #now(): number {
    return this.#deps.clock.monotonicMs();
  }

  #banned(): ExchangeFailure {
    const untilMs = this.#gate.untilMs();
    const message = `shut out until ${new Date(untilMs).toISOString()}`;
    return new ExchangeFailure(this.#deps.exchange, "banned", message, { untilMs });
  }

  #failure(fault: "transient" | "permanent", message: string): ExchangeFailure {
    return new ExchangeFailure(this.#deps.exchange, fault, message);
  }
}
