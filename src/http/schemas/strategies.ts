import { TIMEFRAMES } from "../../market/timeframe.ts";
import { signalConfig } from "./signals.ts";
import { z } from "./zod.ts";

const names = z.array(z.string()).readonly();

/** What runs, what made it run, and what was refused. */
export const strategies = z.object({
  origin: signalConfig.shape.origin,
  confirmedAgeSeconds: z.number().nullable().openapi({
    description: "Since the vault last said what runs; null when it never did.",
  }),
  strategies: z
    .array(
      z.object({
        id: z.string(),
        version: z.string(),
        summary: z.string(),
        parameters: z.record(z.string(), z.unknown()),
        timeframes: z.array(z.enum(TIMEFRAMES)).readonly().nullable(),
        pairs: names.nullable(),
        config: signalConfig,
        limits: z.record(z.string(), z.number()).openapi({
          description: "Limits of the Gatekeeper for its signals.",
        }),
      }),
    )
    .readonly(),
  refused: z
    .array(
      z.object({
        name: z.string(),
        version: z.int(),
        reason: z.string(),
        running: z.int().nullable().openapi({
          description: "The version that runs in its place; null when none does.",
        }),
      }),
    )
    .readonly(),
  disabled: names,
});

/** What came of asking the vault. */
export const refreshed = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("unchanged") }),
  z.object({ kind: z.literal("changed"), started: names, changed: names, stopped: names }),
  z.object({ kind: z.literal("failed"), reason: z.string() }),
]);
