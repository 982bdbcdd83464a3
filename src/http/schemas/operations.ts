import { EVENT_ID } from "../event-place.ts";
import { decimalText, ms } from "./common.ts";
import { halt } from "./halts.ts";
import { traceFilter } from "./logs.ts";
import { z } from "./zod.ts";

const money = decimalText.nullable();

/** The hub on one page, for operators. */
export const operatorStatus = z.object({
  version: z.string(),
  mode: z.enum(["sandbox", "paper", "live"]),
  live: z.boolean(),
  broker: z.string(),
  startedAt: ms,
  uptimeSeconds: z.number(),
  hubTime: ms,
  store: z.object({
    state: z.enum(["ok", "offline"]),
    /** Why it is offline. */
    reason: z.string().nullable(),
    asOf: ms.nullable(),
  }),
  vault: z.enum(["ok", "offline", "not_configured"]).openapi({
    description: "`not_configured` while the hub's own vault serves.",
  }),
  halted: z.object({ by: z.string(), reason: z.string(), at: ms }).nullable().openapi({
    description: "What holds everything back; null while only parts are held back, or nothing.",
  }),
  halts: z.array(halt).readonly(),
  actors: z.object({
    total: z.int(),
    up: z.int(),
    parked: z.array(z.string()).readonly(),
  }),
  leases: z.object({
    held: z.array(z.string()).readonly(),
    standby: z.array(z.string()).readonly().openapi({
      description: "Held by another hub, or by nobody yet: this one stands by for them.",
    }),
  }),
  watched: z.int(),
  openGaps: z.int(),
  openPositions: z.int(),
  account: z.object({
    currency: z.string(),
    cash: money,
    reserved: money,
    equity: money,
    openPnl: money,
    exposure: money,
  }),
});

export const eventQuery = z.strictObject({
  lastEventId: z
    .string()
    .regex(EVENT_ID)
    .optional()
    .openapi({ description: "As the header Last-Event-ID, for clients that cannot send it." }),
  trace: traceFilter,
});

export const textAnswer = z.string();
export const alive = z.object({ status: z.literal("ok") });
export const readiness = z.object({
  ready: z.boolean(),
  store: z.enum(["ok", "offline"]),
  actors: z.record(z.string(), z.string()),
});
export const index = z.object({
  name: z.string(),
  version: z.string(),
  links: z.record(z.string(), z.string()),
});
export const anyObject = z.record(z.string(), z.unknown());
