import type { Clock } from "../../runtime/clock.ts";
import type { Limiter } from "../limiter/limiter.ts";
import type { CallOptions, Priority } from "../port.ts";
import { toFailure } from "./errors/to-failure.ts";
import type { Venue } from "./venue.ts";

/** Lets calls through when the budget allows it, and tells the limiter when the venue has had enough. */
export class PaidCalls {
  readonly #venue: Venue;
  readonly #clock: Clock;
  readonly #limiter: Limiter;

  constructor(venue: Venue, clock: Clock, limiter: Limiter) {
    this.#venue = venue;
    this.#clock = clock;
    this.#limiter = limiter;
  }

  /**
   * Runs one request.
   * @param usual priority when the caller names none.
   * @throws ExchangeFailure, or the signal's reason.
   */
  async run<T>(
    weight: number,
    usual: Priority,
    { priority = usual, signal }: CallOptions,
    work: () => Promise<T>,
  ): Promise<T> {
    return this.#limiter.run({ weight, priority, signal }, async () => {
      try {
        return await work();
      } catch (thrown) {
        throw this.failure(thrown);
      }
    });
  }

  /** What was thrown, by meaning; a ban is passed on to everybody who shares the limiter. */
  failure(thrown: unknown): Error {
    const failure = toFailure(this.#venue, "read", this.#clock.nowMs(), thrown);
    if (failure.untilMs !== undefined && failure !== thrown) this.#limiter.ban(failure.untilMs);
    return failure;
  }

  budgetLeft(): number {
    return this.#limiter.budgetLeft();
  }

  close(): void {
    this.#limiter.close();
  }
}
