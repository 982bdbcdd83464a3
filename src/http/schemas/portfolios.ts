import { pair, series, timeframe } from "./common.ts";
import { z } from "./zod.ts";

/** A portfolio as it shall be; what it followed before is replaced. */
export const portfolioOrder = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "lower-case letters, digits, - and _"),
  series: z
    .array(z.strictObject({ exchange: z.string().min(1).max(40), pair, timeframe }))
    .max(2_000),
});

export const portfolio = z
  .object({ name: z.string(), series: z.array(series).readonly() })
  .openapi("Portfolio");

export const portfolios = z.object({ portfolios: z.array(portfolio).readonly() });
