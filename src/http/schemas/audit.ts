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
