import type { ExchangeFailure } from "./errors.ts";
import type { Limiter } from "./limiter/limiter.ts";
import type { CallOptions, Priority } from "./port.ts";

/** Lets calls through when the budget allows it, and tells the limiter when the venue has had enough. */
export class PaidCalls {
  readonly #limiter: Limiter;
  readonly #toFailure: (thrown: unknown) => ExchangeFailure;

  /** @param toFailure says what anything thrown by a call means; hands a failure on as it is. */
  constructor(limiter: Limiter, toFailure: (thrown: unknown) => ExchangeFailure) {
    this.#limiter = limiter;
    this.#toFailure = toFailure;
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
    const failure = this.#toFailure(thrown);
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
