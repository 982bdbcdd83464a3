import { ms } from "./common.ts";
import { halt } from "./halts.ts";
import { z } from "./zod.ts";

const count = z.int().min(0);

/** How books and broker compared, and what is held back until somebody knows whose word is right. */
export const reconciliation = z.object({
  last: z
    .object({ at: ms, positions: count, orders: count, mismatches: count })
    .nullable()
    .openapi({ description: "Null until this hub, once it trades, has compared them." }),
  failing: z
    .object({ since: ms, reason: z.string() })
    .nullable()
    .openapi({ description: "Why they cannot be compared now: nothing is sent before they were." }),
  quarantined: z.array(halt).readonly(),
});
