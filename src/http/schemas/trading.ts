import { cursor, decimalText, flag, limit, ms, namedCursor, next, side } from "./common.ts";
import { z } from "./zod.ts";

const request = z.object({
  clientOrderId: z.string(),
  origin: z.enum(["signal", "stop-loss", "take-profit", "flatten"]),
  signalId: z.string().optional(),
  portfolio: z.string(),
  exchange: z.string(),
  pair: z.string(),
  side,
  quantity: decimalText,
  referencePrice: decimalText,
  strategy: z.string(),
  stopLoss: decimalText.optional(),
  takeProfit: decimalText.optional(),
});

export const queueQuery = z.strictObject({ limit, cursor: cursor.optional() });

export const queueItem = z.object({
  id: z.int(),
  signalId: z.string(),
  order: request,
  attempts: z.int(),
  enqueuedAt: ms,
  status: z.enum(["pending", "claimed", "done"]),
});

/** What was accepted and waits for the trader. */
export const queue = z.object({ queue: z.array(queueItem).readonly(), next });

export const orderQuery = z.strictObject({
  working: flag.optional(),
  limit,
  cursor: namedCursor.optional(),
});

/** Which of the optional fields are there depends on the state. */
export const order = request.extend({
  state: z.enum(["created", "unknown", "open", "filled", "cancelled", "rejected"]),
  createdAt: ms,
  sentAt: ms.optional(),
  filled: decimalText.optional(),
  averagePrice: decimalText.optional(),
  reason: z.string().optional(),
  endedAt: ms.optional(),
});

/** Orders, newest first. */
export const orders = z.object({ orders: z.array(order).readonly(), next });

export const positionQuery = z.strictObject({
  open: flag.default(true),
  limit,
  cursor: namedCursor.optional(),
});

export const position = z.object({
  id: z.string(),
  exchange: z.string(),
  pair: z.string(),
  portfolio: z.string(),
  strategy: z.string(),
  quantity: decimalText,
  bought: decimalText,
  cost: decimalText,
  sold: decimalText,
  proceeds: decimalText,
  stopLoss: decimalText.optional(),
  takeProfit: decimalText.optional(),
  openedAt: ms,
  closedAt: ms.optional(),
});

/** Positions, newest first, with their result so far at the last price known. */
export const positions = z.object({
  positions: z
    .array(
      position.extend({
        averageCost: decimalText,
        realizedPnl: decimalText,
        lastPrice: decimalText.nullable(),
        openPnl: decimalText.nullable(),
      }),
    )
    .readonly(),
  next,
});
