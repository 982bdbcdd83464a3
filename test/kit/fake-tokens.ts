import type { TokenRow } from "../../src/market/token.ts";
import { StoreFailure } from "../../src/store/errors.ts";
import type { TokenKey, TokenStore } from "../../src/store/token-port.ts";

/** Tokens in memory. */
export class FakeTokenStore implements TokenStore {
  /** Run before each call; whatever it throws, the call throws. */
  reach: () => Promise<void> = () => Promise.resolve();
  readonly rows = new Map<string, TokenRow & Pick<TokenKey, "hash">>();

  async create({ id, name, role, hash, expiresAt }: TokenKey, by: string, at: number) {
    await this.reach();
    const known = this.rows.get(id);
    if (known !== undefined) return shown(known);
    const isTaken = this.#good().some((token) => token.name === name);
    if (isTaken) throw new StoreFailure("refused", "name-taken", "there is one of that name");
    const made = { id, name, role, hash, createdBy: by, createdAt: at, expiresAt };
    const row = { ...made, lastUsedAt: null, revokedBy: null, revokedAt: null };
    this.rows.set(id, row);
    return shown(row);
  }

  async revoke(id: string, by: string, at: number) {
    await this.reach();
    const row = this.rows.get(id);
    if (row === undefined) return undefined;
    const revoked = row.revokedAt === null ? { ...row, revokedBy: by, revokedAt: at } : row;
    this.rows.set(id, revoked);
    return shown(revoked);
  }

  async list() {
    await this.reach();
    return [...this.rows.values()].map(shown);
  }

  async keys() {
    await this.reach();
    return this.#good();
  }

  async used(uses: readonly { readonly id: string; readonly at: number }[]) {
    await this.reach();
    for (const { id, at } of uses) {
      const row = this.rows.get(id);
      if (row !== undefined) this.rows.set(id, { ...row, lastUsedAt: at });
    }
  }

  #good(): readonly (TokenRow & TokenKey)[] {
    return [...this.rows.values()].filter(({ revokedAt }) => revokedAt === null);
  }
}

function shown({ hash: _hash, ...row }: TokenRow & Pick<TokenKey, "hash">): TokenRow {
  return row;
}
