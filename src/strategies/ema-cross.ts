import { z } from "zod";
import { crossing } from "./crossing.ts";
import { buy, protectionParameters, sell, strengthOf } from "./protection.ts";
import type { Strategy } from "./strategy.ts";
import { emaWarmup, wilderWarmup } from "./warmup.ts";

const parameters = z
  .strictObject({
    fast_periods: z.int().min(2).max(199).default(12),
    slow_periods: z.int().min(3).max(200).default(26),
    ...protectionParameters,
  })
  .refine((p) => p.fast_periods < p.slow_periods, {
    path: ["fast_periods"],
    message: "must be below slow_periods",
  });

/** Buys when the fast average of the closes rises above the slow one, sells when it falls below. */
export const emaCross: Strategy<z.infer<typeof parameters>> = {
  id: "ema-cross",
  version: "1",
  summary: "Follows a trend from the crossing of a fast and a slow moving average.",
  parameters,
  warmup: (p) => Math.max(emaWarmup(p.slow_periods), wilderWarmup(p.atr_periods)) + 1,
  start(p, make) {
    const [fast, slow] = [make.ema(p.fast_periods), make.ema(p.slow_periods)];
    const range = make.atr(p.atr_periods);
    const cross = crossing();
    return {
      onCandle({ candle }) {
        const [quick, steady] = [fast.next(candle), slow.next(candle)];
        const atr = range.next(candle);
        if (quick === undefined || steady === undefined || atr === undefined) return undefined;
        const evidence = { fast: quick, slow: steady };
        const strength = strengthOf(quick - steady, atr);
        switch (cross(quick - steady, candle.close)) {
          case "up":
            return buy(candle.close, atr, p, strength, evidence);
          case "down":
            return sell(strength, evidence);
          case undefined:
            return undefined;
        }
      },
    };
  },
};
