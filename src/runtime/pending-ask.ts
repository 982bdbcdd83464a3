import { AskFailure, type AskFailureCode } from "./ask-failure.ts";
import type { Cancel, Clock } from "./clock.ts";
import { defaults } from "./defaults.ts";
import type { AskOptions } from "./protocol.ts";

/** An ask on its way: settled once, by the answer, a failure, its time limit or its signal. */
export class PendingAsk {
  readonly #what: string;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (failure: AskFailure) => void;
  readonly #cancelLimit: Cancel;
  readonly #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  private constructor(
    clock: Clock,
    what: string,
    options: AskOptions | undefined,
    resolve: (value: unknown) => void,
    reject: (failure: AskFailure) => void,
  ) {
    this.#what = what;
    this.#resolve = resolve;
    this.#reject = reject;
    const limitMs = options?.timeoutMs ?? defaults.askTimeoutMs;
    this.#cancelLimit = clock.after(limitMs, () => {
      this.fail("ask-timeout", `did not answer within ${limitMs} ms`);
    });
    this.#signal = options?.signal;
    if (this.#signal !== undefined) this.#listen(this.#signal);
  }

  /**
   * Lets `post` send the ask on its way.
   * @param what who is asked for what, for the failure's message.
   */
  static send(
    clock: Clock,
    what: string,
    options: AskOptions | undefined,
    post: (ask: PendingAsk) => void,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (options?.signal?.aborted === true) {
        const cause: unknown = options.signal.reason;
        reject(new AskFailure("aborted", `${what}: aborted before it was sent`, cause));
        return;
      }
      post(new PendingAsk(clock, what, options, resolve, reject));
    });
  }

  answer(value: unknown): void {
    this.#release();
    this.#resolve(value);
  }

  fail(code: AskFailureCode, why: string, cause?: unknown): void {
    this.failWith(new AskFailure(code, `${this.#what}: ${why}`, cause));
  }

  failWith(failure: AskFailure): void {
    this.#release();
    this.#reject(failure);
  }

  #listen(signal: AbortSignal): void {
    this.#onAbort = () => this.fail("aborted", "aborted by the asker", signal.reason);
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  #release(): void {
    this.#cancelLimit();
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}
