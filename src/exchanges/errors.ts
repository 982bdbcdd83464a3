import { FailureError } from "../runtime/errors.ts";

/** What a failed exchange call means for the next one. */
export type ExchangeFault =
  /** It may pass: network, overload, maintenance, an answer that made no sense. */
  | "transient"
  /** The venue shut us out until {@link ExchangeFailure.untilMs}. */
  | "banned"
  /** The same call fails again: unknown pair, bad request, bad key, blocked country. */
  | "permanent"
  /** An order may or may not have been done. */
  | "unknown-outcome";

/** A failed call to an exchange, by meaning. The message never holds a signed URL or a key. */
export class ExchangeFailure extends FailureError {
  override readonly name = "ExchangeFailure";
  readonly exchange: string;
  readonly fault: ExchangeFault;
  /** End of a ban, UTC ms on the hub's clock. */
  readonly untilMs: number | undefined;

  constructor(
    exchange: string,
    fault: ExchangeFault,
    message: string,
    options: { untilMs?: number; cause?: unknown } = {},
  ) {
    const retry = {
      transient: "later",
      banned: "later",
      permanent: "never",
      "unknown-outcome": "unknown",
    } as const;
    super(`exchange-${fault}`, `${exchange}: ${message}`, {
      retry: retry[fault],
      cause: options.cause,
    });
    this.exchange = exchange;
    this.fault = fault;
    this.untilMs = options.untilMs;
  }
}
