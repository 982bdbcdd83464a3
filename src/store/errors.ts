import { FailureError } from "../runtime/errors.ts";

/**
 * `offline`: the database is not there for the hub, which may pass: not reached, out of room, or not
 * letting the hub in. `refused`: it did its work, said no, and why.
 */
export type StoreFault = "offline" | "refused";

/** Whether a fenced write was refused since the lease is another's or has run out. */
export function isLeaseLost(error: unknown): boolean {
  return error instanceof StoreFailure && error.reason === "lease-lost";
}

/** A failed database call. The message never holds a connection string. */
export class StoreFailure extends FailureError {
  override readonly name = "StoreFailure";
  readonly fault: StoreFault;
  /** SQLSTATE, or the hub's own code such as `stale-revision` and `stale-lease`. */
  readonly reason: string;

  constructor(fault: StoreFault, reason: string, message: string, cause?: unknown) {
    super(`store-${fault}`, message, { retry: fault === "offline" ? "later" : "never", cause });
    this.fault = fault;
    this.reason = reason;
  }
}
