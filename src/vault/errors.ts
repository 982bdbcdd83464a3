import { FailureError } from "../runtime/errors.ts";

/**
 * `offline`: no answer that can be trusted, it may pass. `wrong-token`: the vault does not know the
 * service token. `unreadable`: the value is there and cannot be decrypted. `refused`: what was sent
 * cannot be stored.
 */
export type VaultFault = "offline" | "wrong-token" | "unreadable" | "refused";

/** A vault call that gave no answer. Names the operation and never a token, a value or an address. */
export class VaultFailure extends FailureError {
  override readonly name = "VaultFailure";
  readonly fault: VaultFault;

  constructor(fault: VaultFault, message: string, cause?: unknown) {
    super(`vault-${fault}`, message, { retry: fault === "offline" ? "later" : "never", cause });
    this.fault = fault;
  }
}
