/** A whole answer in which the venue, or something before it, did not do what was asked. */
export class VenueRefusal extends Error {
  override readonly name = "VenueRefusal";
  readonly status: number;
  /** The venue's own code, where the body held one. */
  readonly code: string | undefined;
  /** How long it asks us to stay away, ms; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;
  /** Classes ccxt chose for it, most specific first; empty when it chose none. */
  readonly families: readonly string[];

  constructor(
    message: string,
    facts: {
      status: number;
      code: string | undefined;
      retryAfterMs: number | undefined;
      families: readonly string[];
    },
  ) {
    super(message);
    this.status = facts.status;
    this.code = facts.code;
    this.retryAfterMs = facts.retryAfterMs;
    this.families = facts.families;
  }
}
