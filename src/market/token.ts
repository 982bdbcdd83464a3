/** What somebody with a token may do; each role may what those before it may. */
export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** What there is to tell of a token; the token itself nobody has but its owner. */
export interface TokenRow {
  readonly id: string;
  /** The audit log's word for whoever shows it; no two that are not revoked share one. */
  readonly name: string;
  readonly role: Role;
  readonly createdBy: string;
  /** Instants are UTC ms on the machine's clock. */
  readonly createdAt: number;
  /** Null: never. */
  readonly expiresAt: number | null;
  /** Some minutes behind; null: not yet. */
  readonly lastUsedAt: number | null;
  readonly revokedBy: string | null;
  readonly revokedAt: number | null;
}
