import { series, seriesShape } from "./common.ts";
import { z } from "./zod.ts";

/** A wish to follow a series, as written by a person; the commander checks and normalises it. */
export const watchOrder = z.strictObject({
  exchange: z.string().min(1).max(40).openapi({ example: "binance" }),
  pair: z.string().min(1).max(45).openapi({ example: "BTC/USDT" }),
  timeframe: z.string().min(1).max(10).openapi({ example: "15m" }),
  portfolio: z.string().min(1).max(40).default("default"),
});

export const watchPath = z.object({
  exchange: z.string().min(1).max(40),
  pair: z.string().min(1).max(45).openapi({ description: "`BTC%2FUSDT` or `BTC-USDT`" }),
  timeframe: z.string().min(1).max(10),
});

export const added = z.object({
  ...seriesShape,
  state: z.literal("armed"),
  armedInMs: z.number(),
});
export const arming = z.object({
  ...seriesShape,
  state: z.literal("arming"),
  reason: z.string(),
});
export const alreadyWatched = z.object({ ...seriesShape, state: z.literal("already-watched") });
export const removed = series.extend({ removed: z.literal(true) });

export const watchlist = z.object({
  watchlist: z
    .array(
      z.object({
        ...seriesShape,
        state: z.enum(["arming", "armed", "parked", "standby"]),
        newestOpenTime: z.number().nullable(),
      }),
    )
    .readonly(),
});
