import { z } from "zod";
import { crossing } from "./crossing.ts";
import { buy, protectionParameters, sell, strengthOf } from "./protection.ts";
import type { Strategy } from "./strategy.ts";
import { wilderWarmup } from "./warmup.ts";

const parameters = z.strictObject({
  band_periods: z.int().min(2).max(200).default(20),
  /** Distance of the bands from their middle, in standard deviations. */
  deviations: z.number().min(0.1).max(10).default(2),
  ...protectionParameters,
});

/** Buys when the close breaks out above the upper band, sells when it falls back below the middle. */
export const bollingerBreakout: Strategy<z.infer<typeof parameters>> = {
  id: "bollinger-breakout",
  version: "1",
  summary: "Buys an outbreak from the Bollinger bands and leaves at their middle.",
  parameters,
  warmup: (p) => Math.max(p.band_periods, wilderWarmup(p.atr_periods)) + 1,
  start(p, make) {
    const bands = make.bollinger(p.band_periods, p.deviations);
    const range = make.atr(p.atr_periods);
    const [overUpper, overMiddle] = [crossing(), crossing()];
    return {
      onCandle({ candle: whole }) {
        const { close } = whole;
        const [band, atr] = [bands.next(whole), range.next(whole)];
        const breakout = overUpper(band && close - band.upper, close);
        const fallback = overMiddle(band && close - band.middle, close);
        if (band === undefined || atr === undefined) return undefined;
        const evidence = { ...band };
        if (breakout === "up") {
          return buy(close, atr, p, strengthOf(close - band.middle, atr), evidence);
        }
        return fallback === "down"
          ? sell(strengthOf(close - band.middle, atr), evidence)
          : undefined;
      },
    };
  },
};
