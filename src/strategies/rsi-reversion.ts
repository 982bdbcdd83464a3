import { z } from "zod";
import { crossing } from "./crossing.ts";
import { buy, protectionParameters, sell } from "./protection.ts";
import type { Strategy } from "./strategy.ts";
import { wilderWarmup } from "./warmup.ts";

const parameters = z
  .strictObject({
    rsi_periods: z.int().min(2).max(100).default(14),
    /** RSI below which the market counts as sold out. */
    oversold: z.number().min(1).max(99).default(30),
    /** RSI above which it counts as bought up. */
    overbought: z.number().min(1).max(99).default(70),
    ...protectionParameters,
  })
  .refine((p) => p.oversold < p.overbought, {
    path: ["oversold"],
    message: "must be below overbought",
  });

/** Buys when RSI comes back up out of the oversold zone, sells when it comes back down from above. */
export const rsiReversion: Strategy<z.infer<typeof parameters>> = {
  id: "rsi-reversion",
  version: "1",
  summary: "Bets on the way back after RSI has been at an extreme.",
  parameters,
  warmup: (p) => Math.max(wilderWarmup(p.rsi_periods), wilderWarmup(p.atr_periods)) + 1,
  start(p, make) {
    const index = make.rsi(p.rsi_periods);
    const range = make.atr(p.atr_periods);
    const [overLow, overHigh] = [crossing(), crossing()];
    let before: number | undefined;
    return {
      onCandle({ candle }) {
        const [rsi, atr] = [index.next(candle), range.next(candle)];
        const low = overLow(rsi === undefined ? undefined : rsi - p.oversold, 100);
        const high = overHigh(rsi === undefined ? undefined : rsi - p.overbought, 100);
        const extreme = before;
        before = rsi;
        if (rsi === undefined || atr === undefined || extreme === undefined) return undefined;
        if (low === "up") {
          const strength = (p.oversold - extreme) / p.oversold;
          return buy(candle.close, atr, p, strength, { rsi });
        }
        if (high === "down") {
          return sell((extreme - p.overbought) / (100 - p.overbought), { rsi });
        }
        return undefined;
      },
    };
  },
};
