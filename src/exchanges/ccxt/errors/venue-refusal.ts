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

/** Reads `Retry-After`, which venues give in whole seconds, as ms. */
export function retryAfterMsOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header.trim())
    ? Number(header) * 1_000
    : undefined;
}
