import type { Clock } from "../../runtime/clock.ts";
import type { LeaseAnswer, SecretName } from "../lease.ts";

/** Keeps a lease for whoever works with one secret, so that not every use of it asks for another. */
export interface LeaseHolderOptions {
  readonly secret: SecretName;
  /** Asks for a lease of it. */
  readonly ask: () => Promise<LeaseAnswer>;
  /** The machine's clock, on which leases end. */
  readonly machineClock: Clock;
}

/**
 * How long an answer without a lease is kept, ms: whoever tries again and again fills no ledger, and
 * whoever has just set the secret up need not wait.
 */
const REFUSAL_KEPT_MS = 5_000;

interface Kept {
  readonly answer: LeaseAnswer;
  /** Machine ms from which on it is asked for again. */
  readonly untilMs: number;
}

/**
 * The lease of one secret, for one user of it. It is kept until its time is over or the secret was
 * revoked, and asked for again by the next use. However many need it at once, it is asked for once.
 */
export class LeaseHolder {
  readonly #options: LeaseHolderOptions;
  #kept: Kept | undefined;
  #asking: Promise<LeaseAnswer> | undefined;

  constructor(options: LeaseHolderOptions) {
    this.#options = options;
  }

  /** The lease that is good now, or why there is none. */
  async lease(): Promise<LeaseAnswer> {
    const { machineClock } = this.#options;
    if (this.#kept !== undefined && machineClock.monotonicMs() < this.#kept.untilMs) {
      return this.#kept.answer;
    }
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  /** Told which secret has changed: a lease of it is void, also one that is on its way. */
  revoked(secret: string): void {
    if (secret !== this.#options.secret) return;
    this.#kept = undefined;
    this.#asking = undefined;
  }

  #ask(): Promise<LeaseAnswer> {
    const { ask, machineClock } = this.#options;
    // From before the question: an answer may have taken its time.
    const askedAtMs = machineClock.monotonicMs();
    const asking: Promise<LeaseAnswer> = ask().then(
      (answer) => {
        if (this.#asking !== asking) return answer;
        this.#asking = undefined;
        const keptMs = answer.kind === "granted" ? answer.lease.validForMs : REFUSAL_KEPT_MS;
        this.#kept = { answer, untilMs: askedAtMs + keptMs };
        return answer;
      },
      (thrown: unknown) => {
        if (this.#asking === asking) this.#asking = undefined;
        throw thrown;
      },
    );
    return asking;
  }
}
