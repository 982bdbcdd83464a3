import { originOf } from "../../market/trace.ts";
import { decimalText, ms, series, side } from "./common.ts";
import { logLine } from "./logs.ts";
import { signal } from "./signals.ts";
import { order, position, queueItem } from "./trading.ts";
import { z } from "./zod.ts";

/** Takes the name of a candle's story, or the id of a signal or an order in it. */
export const traceParams = z.strictObject({
  id: z
    .string()
    .max(100)
    .regex(/^[\w.-]+$/, "is neither a trace id nor the id of a signal or an order")
    .refine((id) => !id.includes(".") || originOf(id) !== undefined, "names no candle")
    .openapi({
      description: "A trace id, the id of a signal, or the client order id of an order.",
      example: "binance.BTC-USDT.15m.20260310T114500Z",
    }),
});

const candle = z.object({
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  source: z.enum(["poll", "retry", "bootstrap", "backfill"]),
  attempt: z.int(),
  revision: z.int(),
  fetchedAt: ms,
});

const gap = z.object({
  state: z.enum(["pending", "missing", "empty", "healed"]),
  reason: z.string(),
  attempts: z.int(),
  noticedAt: ms,
  settledAt: ms.nullable(),
});

const fill = z.object({
  id: z.string(),
  clientOrderId: z.string(),
  exchange: z.string(),
  pair: z.string(),
  side,
  quantity: decimalText,
  price: decimalText,
  fee: decimalText,
  feeCurrency: z.string(),
  liquidity: z.enum(["maker", "taker"]),
  filledAt: ms,
});

/** What can happen in a story; in the order in which it does when instants are the same. */
export const STEP_KINDS = [
  "candle-closed",
  "gap-noticed",
  "candle-stored",
  "gap-settled",
  "signal-raised",
  "verdict-given",
  "queued",
  "order-created",
  "order-sent",
  "order-filled",
  "position-opened",
  "order-ended",
  "position-closed",
] as const;

const step = z.object({
  at: ms,
  kind: z.enum(STEP_KINDS),
  id: z
    .string()
    .nullable()
    .openapi({ description: "Signal, order or position; null: the candle." }),
  detail: z.string().openapi({ description: "For people." }),
});

const lag = z.number().nullable().openapi({ description: "ms; null when it did not happen." });

/** A candle and all that came of it. */
export const trace = z.object({
  traceId: z.string(),
  series,
  openTime: ms,
  closeTime: ms,
  steps: z.array(step).readonly().openapi({ description: "The story, oldest first." }),
  timings: z.object({
    closeToAnswerMs: lag,
    signals: z
      .array(
        z.object({
          signalId: z.string(),
          answerToVerdictMs: lag,
          verdictToOrderMs: lag,
          orderToFillMs: lag,
        }),
      )
      .readonly(),
  }),
  candle: candle.nullable(),
  gap: gap.nullable(),
  signals: z.array(signal).readonly(),
  queue: z.array(queueItem).readonly(),
  orders: z.array(order).readonly(),
  fills: z.array(fill).readonly(),
  positions: z.array(position).readonly(),
  logs: z.array(logLine).readonly().openapi({ description: "Recent lines of it, oldest first." }),
});
