import { isExchangeId, isPair, normalisePair } from "../../market/series.ts";
import { parseTimeframe, TIMEFRAMES } from "../../market/timeframe.ts";
import { z } from "./zod.ts";

/** An exact decimal as text. */
export const decimalText = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .openapi({ description: "An exact decimal as text.", example: "0.01250" });

/** An instant, UTC ms. */
export const ms = z.number().openapi({ description: "UTC ms", example: 1_767_225_600_000 });

export const exchange = z.string().max(40).refine(isExchangeId, "is not an exchange id");
/** Takes `BTC/USDT` and `BTC-USDT`. */
export const pair = z
  .string()
  .max(45)
  .transform(normalisePair)
  .refine(isPair, "is not written BASE/QUOTE")
  .openapi({ example: "BTC/USDT" });
export const timeframe = z
  .string()
  .max(10)
  .transform((value, context) => {
    const known = parseTimeframe(value);
    if (known !== undefined) return known;
    context.addIssue({ code: "custom", message: `is not one of ${TIMEFRAMES.join(" ")}` });
    return z.NEVER;
  })
  .openapi({ example: "15m" });

/** A series as answers show it. */
export const seriesShape = {
  exchange: z.string(),
  pair: z.string(),
  timeframe: z.enum(TIMEFRAMES),
} as const;
export const series = z.object(seriesShape);

export const side = z.enum(["buy", "sell"]);

/** How many rows at most. */
export const limit = z.coerce.number().pipe(z.int().min(1).max(1_000)).default(100).openapi({
  type: "integer",
  minimum: 1,
  maximum: 1_000,
  default: 100,
});

/** A filter that is on or off. */
export const flag = z.enum(["true", "false"]).transform((value) => value === "true");

const EARLIEST = 0;
const LATEST = Date.UTC(2200, 0, 1);

/** An instant in a query: UTC ms, or ISO 8601 with a zone. */
export const instant = z
  .string()
  .max(40)
  .transform((value, context) => {
    const hasZone = /^\d{4}-\d\d-\d\dT.+(Z|[+-]\d\d:?\d\d)$/i.test(value);
    const at = /^\d{1,15}$/.test(value) ? Number(value) : hasZone ? Date.parse(value) : Number.NaN;
    if (at >= EARLIEST && at < LATEST) return at;
    context.addIssue({ code: "custom", message: "is neither UTC ms nor ISO 8601 with a zone" });
    return z.NEVER;
  })
  .openapi({ description: "UTC ms, or ISO 8601 with a zone.", example: "2026-01-01T00:00:00Z" });

/** Where to read on from: opaque to the asker. */
function cursorAt<Place>(wanted: RegExp, placeOf: (text: string) => Place) {
  return z
    .string()
    .max(100)
    .transform((value, context): Place => {
      const place = Buffer.from(value, "base64url").toString("latin1");
      if (wanted.test(place)) return placeOf(place);
      context.addIssue({ code: "custom", message: "is not a cursor that this hub gave" });
      return z.NEVER;
    })
    .openapi({ description: "The `next` of the answer before." });
}

/** In a list whose rows are numbered. */
export const cursor = cursorAt(/^\d{1,15}$/, Number);
/** In a list whose rows have names. */
export const namedCursor = cursorAt(/^[\w-]{1,64}$/, String);

function cursorOf(place: number | string): string {
  return Buffer.from(String(place), "latin1").toString("base64url");
}

/** The cursor behind a full page; null at the end. */
export function nextOf<Row>(
  rows: readonly Row[],
  asked: number,
  place: (row: Row) => number | string,
): string | null {
  const last = rows.at(-1);
  return last === undefined || rows.length < asked ? null : cursorOf(place(last));
}

export const next = z.string().nullable().openapi({ description: "Null at the end of the list." });

/** RFC 9457. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          in: z.enum(["body", "query", "path"]),
          pointer: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
    field: z.string().optional(),
    allowed: z.array(z.string()).optional(),
  })
  .openapi("Problem");

/** What a write may come with. */
export const keyHeader = z.object({
  "Idempotency-Key": z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .openapi({
      description: "Carries the request out once for this key and asker, for 24 hours.",
    }),
});
/** What its answer then may come with. */
export const replayedHeader = z.object({
  "Idempotency-Replayed": z
    .literal("true")
    .optional()
    .openapi({ description: "The answer of the first request with this key, said again." }),
});
