import { NOTIFICATION_KINDS, SEVERITIES } from "../../market/notification.ts";
import { cursor, limit, ms, next } from "./common.ts";
import { z } from "./zod.ts";

export const notificationQuery = z.strictObject({ limit, cursor: cursor.optional() });

/** What people were told, or will be, newest first. */
export const notifications = z.object({
  notifications: z
    .array(
      z.object({
        id: z.int(),
        channel: z.string().openapi({ description: "Name of the channel, by the settings." }),
        key: z.string().openapi({ description: "Names the fact; told once on each channel." }),
        kind: z.enum(NOTIFICATION_KINDS),
        severity: z.enum(SEVERITIES),
        at: ms,
        body: z.string(),
        state: z.enum(["waiting", "sent", "dropped"]),
        attempts: z.int(),
        ageMs: z.number().openapi({ description: "Since it was written down." }),
        error: z.string().nullable().openapi({ description: "Why the last try failed." }),
      }),
    )
    .readonly(),
  next,
});

export const channelTests = z.object({
  channels: z
    .array(
      z.object({
        channel: z.string(),
        taken: z.boolean(),
        reason: z.string().optional().openapi({ description: "Why it was not taken." }),
      }),
    )
    .readonly(),
});
