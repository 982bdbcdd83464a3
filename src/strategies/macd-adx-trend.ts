import { z } from "zod";
import { crossing } from "./crossing.ts";
import { buy, protectionParameters, sell, strengthOf } from "./protection.ts";
import type { Strategy } from "./strategy.ts";
import { adxWarmup, macdWarmup, wilderWarmup } from "./warmup.ts";

const parameters = z
  .strictObject({
    fast_periods: z.int().min(2).max(99).default(12),
    slow_periods: z.int().min(3).max(100).default(26),
    signal_periods: z.int().min(2).max(50).default(9),
    adx_periods: z.int().min(2).max(50).default(14),
    /** ADX from which a trend counts as one. */
    min_adx: z.number().min(0).max(100).default(20),
    ...protectionParameters,
  })
  .refine((p) => p.fast_periods < p.slow_periods, {
    path: ["fast_periods"],
    message: "must be below slow_periods",
  });

/**
 * Buys when MACD rises above its signal line while ADX says that there is a trend and its direction
 * is up. Sells when MACD falls below its signal line, trend or not: leaving needs no confirmation.
 */
export const macdAdxTrend: Strategy<z.infer<typeof parameters>> = {
  id: "macd-adx-trend",
  version: "1",
  summary: "Joins a trend on a MACD crossing that ADX confirms.",
  parameters,
  warmup: (p) =>
    Math.max(
      macdWarmup(p.slow_periods, p.signal_periods),
      adxWarmup(p.adx_periods),
      wilderWarmup(p.atr_periods),
    ) + 1,
  start(p, make) {
    const lines = make.macd(p.fast_periods, p.slow_periods, p.signal_periods);
    const trend = make.adx(p.adx_periods);
    const range = make.atr(p.atr_periods);
    const cross = crossing();
    return {
      onCandle({ candle }) {
        const [macd, adx, atr] = [lines.next(candle), trend.next(candle), range.next(candle)];
        const crossed = cross(macd?.histogram, candle.close);
        if (macd === undefined || adx === undefined || atr === undefined) return undefined;
        const evidence = { ...macd, ...adx };
        const isUpTrend = adx.adx >= p.min_adx && adx.plusDi > adx.minusDi;
        if (crossed === "up" && isUpTrend) {
          return buy(candle.close, atr, p, adx.adx / 100, evidence);
        }
        return crossed === "down" ? sell(strengthOf(macd.histogram, atr), evidence) : undefined;
      },
    };
  },
};
