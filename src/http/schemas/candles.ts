import {
  cursor,
  exchange,
  instant,
  limit,
  ms,
  next,
  pair,
  series,
  seriesShape,
  timeframe,
} from "./common.ts";
import { z } from "./zod.ts";

export const candleQuery = z.strictObject({
  exchange,
  pair,
  timeframe,
  from: instant.optional().openapi({ description: "First open time wanted." }),
  to: instant.optional().openapi({ description: "Open times before this one." }),
  limit: z.coerce.number().pipe(z.int().min(1).max(1_000)).default(500).openapi({
    type: "integer",
    minimum: 1,
    maximum: 1_000,
    default: 500,
  }),
});

/** Candles oldest first; `next` is the `from` of the following page. */
export const candles = z.object({
  series,
  candles: z
    .array(
      z.object({
        openTime: ms,
        open: z.number(),
        high: z.number(),
        low: z.number(),
        close: z.number(),
        volume: z.number(),
      }),
    )
    .readonly(),
  next,
});

const gapState = z.enum(["pending", "missing", "empty", "healed"]);

export const gapQuery = z.strictObject({
  state: gapState.optional(),
  exchange: exchange.optional(),
  pair: pair.optional(),
  timeframe: timeframe.optional(),
  limit,
  cursor: cursor.optional(),
});

export const gaps = z.object({
  gaps: z
    .array(
      z.object({
        id: z.int(),
        ...seriesShape,
        openTime: ms,
        state: gapState,
        reason: z.string(),
        attempts: z.int(),
        noticedAt: ms,
        settledAt: ms.nullable(),
        discardedAt: ms
          .nullable()
          .describe("when its window was over without it; null when it came within it"),
      }),
    )
    .readonly(),
  next,
});
