import { cursor, limit, ms, next } from "./common.ts";
import { z } from "./zod.ts";

export const auditQuery = z.strictObject({ limit, cursor: cursor.optional() });

/** Who did what, newest first. */
export const auditLog = z.object({
  audit: z
    .array(
      z.object({ id: z.int(), at: ms, who: z.string(), what: z.string(), detail: z.unknown() }),
    )
    .readonly(),
  next,
});

/** Lines of the ledger of secrets. None of them holds a value. */
export const secretLedger = z.object({
  entries: z
    .array(
      z.object({
        n: z.int().openapi({ description: "Place in the ledger, from 1 without holes." }),
        at: ms,
        who: z.string().openapi({ description: "Path of the actor, or `cli`." }),
        event: z.enum(["granted", "denied", "absent", "unavailable", "revoked", "note"]),
        secret: z.string(),
        purpose: z.string(),
        lease: z.string().optional(),
        version: z.string().optional(),
        reason: z.string().optional(),
      }),
    )
    .readonly(),
  next,
});
