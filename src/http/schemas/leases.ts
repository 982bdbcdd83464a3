import { z } from "./zod.ts";

/** Who holds what, on all hubs of the database. */
export const leases = z.object({
  leases: z
    .array(
      z.object({
        name: z.string().openapi({ example: "exchange:binance" }),
        instance: z.string().openapi({ description: "The holder as people know it." }),
        mine: z.boolean().openapi({ description: "Whether the hub that answers is the holder." }),
        epoch: z.int(),
        leftMs: z.number().openapi({ description: "By the database's clock; 0: nobody holds it." }),
      }),
    )
    .readonly(),
});
