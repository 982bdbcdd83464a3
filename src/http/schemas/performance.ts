import { PERIODS } from "../../market/performance/period.ts";
import { ms } from "./common.ts";
import { z } from "./zod.ts";

export const performanceQuery = z.strictObject({ period: z.enum(PERIODS).default("30d") });

/** Every figure of a period: a value, or why there is none. */
export const performanceFigures = z.object({
  period: z.enum(PERIODS),
  from: ms,
  to: ms,
  currency: z.string().nullable(),
  asOf: ms.nullable().openapi({ description: "When the store was last read, UTC ms." }),
  figures: z
    .array(
      z.object({
        definitionId: z.string().openapi({ example: "hub.sharpe" }),
        unit: z.enum(["money", "fraction", "ratio", "count", "instant"]),
        value: z.number().nullable(),
        reason: z.string().nullable().openapi({ example: "too_few_trades" }),
        n: z.int().openapi({ description: "Closed trades or daily returns it was found from." }),
        from: ms,
        to: ms,
      }),
    )
    .readonly(),
});
