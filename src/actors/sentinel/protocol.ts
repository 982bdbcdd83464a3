import type { Topic } from "../../runtime/protocol.ts";
import type { LeaseAnswer, SealedAnswer, SealedWish, SecretWish } from "../../vault/lease.ts";

/** What the sentinel can be asked. */
export interface SentinelProtocol {
  /** Says whose token has this SHA-256 (hex) and what it may do; null for an unknown one. */
  readonly identify: Topic<{ readonly tokenHash: string }, Identity | null>;
  /** Writes down who did what. Answers once it is written. */
  readonly record: Topic<AuditEntry>;
  /**
   * Lends a secret, or says why not. Within this process only: what crosses to another one is an
   * empty object.
   */
  readonly lease: Topic<SecretWish, LeaseAnswer>;
  /** The same for a harvester in a process of its own: sealed, so that nothing on the way can read it. */
  readonly leaseSealed: Topic<SealedWish, SealedAnswer>;
  /** Looks now which secrets are set up, as after somebody stored one. */
  readonly census: Topic<null>;
}

export type Role = "viewer" | "operator" | "admin";

export interface Identity {
  readonly who: string;
  readonly role: Role;
}

export interface AuditEntry {
  readonly who: string;
  /** What was done, e.g. `watchlist.add`. */
  readonly what: string;
  readonly detail: { readonly [key: string]: string | number | boolean | null };
}
