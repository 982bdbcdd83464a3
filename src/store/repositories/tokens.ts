import { ROLES, type TokenRow } from "../../market/token.ts";
import type { Database } from "../port.ts";
import type { TokenStore } from "../token-port.ts";
import { listOf, numberIn, numberOrNull, type Row, rowOf, textIn, wordIn } from "./parse.ts";

export function tokenStore(database: Database): TokenStore {
  return {
    async create({ id, name, role, hash, expiresAt }, by, at) {
      const token = { p_id: id, p_name: name, p_role: role, p_hash: hash };
      const args = { ...token, p_by: by, p_at: at, p_expires_at: expiresAt };
      return tokenOf(await database.call("hub_token_create", args));
    },

    async revoke(id, by, at) {
      const args = { p_id: id, p_by: by, p_at: at };
      const answer = await database.call("hub_token_revoke", args);
      return answer === null ? undefined : tokenOf(answer);
    },

    async list() {
      return listOf(await database.call("hub_tokens", {}), tokenOf);
    },

    async keys() {
      return listOf(await database.call("hub_token_keys", {}), (value) => {
        const row = rowOf(value);
        return {
          ...whoIn(row),
          hash: textIn(row, "hash"),
          expiresAt: numberOrNull(row, "expiresAt"),
        };
      });
    },

    async used(uses) {
      await database.call("hub_tokens_used", { p_uses: uses });
    },
  };
}

function whoIn(row: Row): Pick<TokenRow, "id" | "name" | "role"> {
  return { id: textIn(row, "id"), name: textIn(row, "name"), role: wordIn(row, "role", ROLES) };
}

function tokenOf(value: unknown): TokenRow {
  const row = rowOf(value);
  return {
    ...whoIn(row),
    createdBy: textIn(row, "createdBy"),
    createdAt: numberIn(row, "createdAt"),
    expiresAt: numberOrNull(row, "expiresAt"),
    lastUsedAt: numberOrNull(row, "lastUsedAt"),
    revokedBy: row["revokedBy"] === null ? null : textIn(row, "revokedBy"),
    revokedAt: numberOrNull(row, "revokedAt"),
  };
}
