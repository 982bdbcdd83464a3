import type { Role, TokenRow } from "../market/token.ts";

/** What a token is known by. */
export interface TokenKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  readonly expiresAt: number | null;
}

export interface TokenStore {
  /**
   * Adds a token.
   * @throws StoreFailure refused with reason `name-taken` or `too-many-tokens`.
   */
  create(token: TokenKey, by: string, at: number): Promise<TokenRow>;
  /** Revokes a token for good; undefined when there is none of that id. Repeatable. */
  revoke(id: string, by: string, at: number): Promise<TokenRow | undefined>;
  /** Every token that is not revoked, newest first, then the newest of the others. */
  list(): Promise<readonly TokenRow[]>;
  /** Every token that is not revoked, expired ones included. */
  keys(): Promise<readonly TokenKey[]>;
  /** Notes when tokens were last used. */
  used(uses: readonly { readonly id: string; readonly at: number }[]): Promise<void>;
}
