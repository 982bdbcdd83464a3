import {
  cursor,
  decimalText,
  exchange,
  limit,
  ms,
  next,
  pair,
  series,
  side,
  timeframe,
} from "./common.ts";
import { z } from "./zod.ts";

/** What made a strategy run. */
export const signalConfig = z.object({
  name: z.string().openapi({ description: "Row of the vault, or the strategy's own id." }),
  version: z.int().openapi({ description: "Version of the row; 0 for the settings." }),
  origin: z.enum(["vault", "memory", "settings"]),
});

export const signalQuery = z.strictObject({
  decision: z.enum(["accepted", "refused"]).optional(),
  exchange: exchange.optional(),
  pair: pair.optional(),
  timeframe: timeframe.optional(),
  limit,
  cursor: cursor.optional(),
});

const figure = z.union([z.number(), z.string()]).nullable();

const check = z
  .object({
    check: z.string(),
    passed: z.boolean(),
    measured: figure,
    limit: figure,
    unit: z.string(),
    dataAgeMs: z.number().nullable(),
    detail: z.string(),
  })
  .openapi("Check");

const verdictShape = {
  signalId: z.string(),
  portfolio: z.string(),
  checks: z.array(check).readonly(),
  decidedAt: ms,
};

const verdict = z
  .discriminatedUnion("decision", [
    z.object({
      ...verdictShape,
      decision: z.literal("accepted"),
      quantity: decimalText,
      reservedQuote: decimalText,
    }),
    z.object({
      ...verdictShape,
      decision: z.literal("refused"),
      reasons: z.array(z.string()).readonly(),
    }),
  ])
  .openapi("Verdict");

/** A signal with its verdict and every check. */
export const signal = z.object({
  seq: z.int(),
  id: z.string(),
  series,
  openTime: ms,
  closeTime: ms,
  strategy: z.string(),
  strategyVersion: z.string(),
  config: signalConfig,
  side,
  strength: z.number(),
  price: decimalText,
  stopLoss: decimalText.optional(),
  takeProfit: decimalText.optional(),
  evidence: z.record(z.string(), z.number()),
  raisedAt: ms,
  missingInWindow: z.int(),
  verdict: verdict.nullable(),
});

/** Signals, newest first. */
export const signals = z.object({ signals: z.array(signal).readonly(), next });
