import { limit, ms } from "./common.ts";
import { z } from "./zod.ts";

export const eventHistoryQuery = z.strictObject({
  after: z.coerce.number().pipe(z.int().min(0)).default(0).openapi({
    type: "integer",
    minimum: 0,
    default: 0,
    description: "Id of the last event that the asker has; 0 for the first that is kept.",
  }),
  limit,
});

/** Durable facts in the order in which they became true. */
export const eventHistory = z.object({
  events: z
    .array(
      z.object({
        id: z.int().openapi({ description: "Names the event; ids need not rise." }),
        at: ms,
        subject: z.string().openapi({ description: "What it is about." }),
        event: z
          .looseObject({ kind: z.string() })
          .openapi({ description: "As the event stream sends it." }),
      }),
    )
    .readonly(),
  next: z.int().nullable().openapi({
    description: "The `after` to go on with. Null at the end: ask again after the last event.",
  }),
});
