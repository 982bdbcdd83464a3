import type { Role, TokenRow } from "../../market/token.ts";
import type { Topic } from "../../runtime/protocol.ts";
import type { Secret } from "../../runtime/secret.ts";
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
  /** Makes a token. Within this process only, as with {@link lease}. */
  readonly createToken: Topic<TokenOrder, TokenAnswer>;
  /** Takes a token from whoever has it. */
  readonly revokeToken: Topic<{ readonly id: string; readonly by: string }, TokenRevocation>;
}

export interface Identity {
  readonly who: string;
  readonly role: Role;
  /** Id of the token that was shown. */
  readonly token: string;
}

export interface TokenOrder {
  readonly name: string;
  readonly role: Role;
  /** Null: it lasts until it is revoked. */
  readonly expiresDays: number | null;
  readonly by: string;
}

export type TokenAnswer =
  | { readonly kind: "created"; readonly token: TokenRow; readonly secret: Secret }
  | { readonly kind: "name-taken" | "too-many-tokens" | "unavailable" };

export type TokenRevocation =
  | { readonly kind: "revoked"; readonly token: TokenRow }
  | { readonly kind: "unknown" | "unavailable" };

export interface AuditEntry {
  readonly who: string;
  /** What was done, e.g. `watchlist.add`. */
  readonly what: string;
  readonly detail: { readonly [key: string]: string | number | boolean | null };
}
