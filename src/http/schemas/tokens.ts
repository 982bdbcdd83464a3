import { ROLES } from "../../market/token.ts";
import { ms } from "./common.ts";
import { z } from "./zod.ts";

const id = z.string().regex(/^[0-9a-f]{12}$/);

export const tokenOrder = z.strictObject({
  name: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u, "is not a name: letters, digits, . _ @ -")
    .openapi({ description: "What the audit log calls whoever shows it.", example: "grafana" }),
  role: z.enum(ROLES),
  expiresDays: z.int().min(1).max(3_650).nullable().default(null).openapi({
    description: "Null: it lasts until it is revoked.",
  }),
});

export const tokenPath = z.strictObject({ id });

const token = z.object({
  id,
  name: z.string(),
  role: z.enum(ROLES),
  createdBy: z.string(),
  createdAt: ms,
  expiresAt: ms.nullable(),
  lastUsedAt: ms.nullable().openapi({ description: "UTC ms, up to a minute behind." }),
  revokedBy: z.string().nullable(),
  revokedAt: ms.nullable(),
});

export const tokens = z.object({ tokens: z.array(token).readonly() });
export const createdToken = token.extend({
  token: z.string().openapi({ description: "Shown this once, and kept nowhere." }),
});
export const revokedToken = token;
