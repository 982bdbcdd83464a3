/** A whole answer in which OANDA, or something before it, did not do what was asked. */
export class OandaRefusal extends Error {
  override readonly name = "OandaRefusal";
  readonly status: number;
  /** How long it asks us to stay away, ms; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;

  /** @param message fit for logs: without key and account id. */
  constructor(message: string, status: number, retryAfterMs: number | undefined) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}
