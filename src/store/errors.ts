import { FailureError } from "../runtime/errors.ts";

/** `offline`: not reached, may pass. `refused`: the database said no, and why. */
export type StoreFault = "offline" | "refused";

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
