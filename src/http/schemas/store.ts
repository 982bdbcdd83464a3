import { TIMEFRAMES } from "../../market/timeframe.ts";
import { flag, ms } from "./common.ts";
import { z } from "./zod.ts";

const bytes = z.int().openapi({ description: "Bytes on the disk" });
const size = { tableBytes: bytes, indexBytes: bytes, totalBytes: bytes };
const count = {
  rows: z.int(),
  exact: z.boolean().openapi({ description: "False when estimated by the last analysis." }),
};
const span = { oldest: ms.nullable(), newest: ms.nullable() };

export const storeQuery = z.strictObject({
  months: flag.optional().openapi({ description: "Candles month by month as well." }),
});

/** How much the store holds. */
export const storeFigures = z.object({
  databaseBytes: bytes,
  tables: z.array(z.object({ name: z.string(), ...count, ...size, ...span })).readonly(),
  candles: z
    .array(
      z.object({
        timeframe: z.enum(TIMEFRAMES),
        rows: z.int(),
        bytesPerCandle: z.number().nullable(),
        ...size,
        ...span,
        months: z.array(z.object({ month: z.string(), ...count, ...size })).readonly(),
      }),
    )
    .readonly(),
});
