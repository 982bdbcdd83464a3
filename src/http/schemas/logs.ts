import { originOf } from "../../market/trace.ts";
import { limit, ms } from "./common.ts";
import { z } from "./zod.ts";

/** Least serious first. */
export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** A filter by the candle whose story is wanted. */
export const traceFilter = z
  .string()
  .max(100)
  .refine((id) => originOf(id) !== undefined, "is no trace id")
  .optional()
  .openapi({
    description: "Only what belongs to the story of this candle.",
    example: "binance.BTC-USDT.15m.20260310T114500Z",
  });

export const logQuery = z.strictObject({
  level: z.enum(LEVELS).optional().openapi({ description: "This serious or more." }),
  actor: z.string().min(1).max(100).optional(),
  trace: traceFilter,
  limit,
});

export const logLine = z.object({
  seq: z.int(),
  at: ms,
  level: z.enum(LEVELS),
  message: z.string(),
  source: z.string().optional().openapi({ description: "The actor that it is about." }),
  traceId: z.string().optional(),
});

/** The newest lines that this hub wrote, newest first; it keeps a few hundred. */
export const logs = z.object({ logs: z.array(logLine).readonly() });
