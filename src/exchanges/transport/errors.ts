/** The connection failed, or the answer was not one to read: nobody knows what the venue did. */
export class TransportError extends Error {
  override readonly name: string = "TransportError";
  /** True when nothing can have reached the venue. */
  readonly neverSent: boolean;

  constructor(message: string, options: { neverSent?: boolean } = {}) {
    super(message);
    this.neverSent = options.neverSent ?? false;
  }
}

/** An address outside the allowed hosts; a wrong setting, and the same call fails again. */
export class HostNotAllowed extends TransportError {
  override readonly name = "HostNotAllowed";
  constructor(host: string) {
    super(`host not allowed: ${host}`, { neverSent: true });
  }
}
