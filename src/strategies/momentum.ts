import { z } from "zod";
import { parseTimeframe } from "../market/timeframe.ts";
import { crossing } from "./crossing.ts";
import { buy, protectionParameters, sell, strengthOf } from "./protection.ts";
import type { Strategy } from "./strategy.ts";
import { wilderWarmup } from "./warmup.ts";

const timeframe = z.string().transform((value, context) => {
  const known = parseTimeframe(value);
  if (known === undefined)
    context.addIssue({ code: "custom", message: "not a followed timeframe" });
  return known ?? z.NEVER;
});

const parameters = z.strictObject({
  /** Named so in the vault's settings; says again which strategy they are for. */
  strategy_type: z.literal("momentum").optional(),
  /** When given, the strategy is silent on every other timeframe; `1h`, `1H` and `H1` are the same. */
  timeframe: timeframe.optional(),
  /** Candles over which the change of the close is measured. */
  lookback_periods: z.int().min(1).max(500).default(20),
  /** Change that counts as momentum, percent. */
  threshold_percent: z.number().min(0).max(100).default(1),
  ...protectionParameters,
});

/** Buys when the change over the lookback rises above a threshold, sells when it falls below minus it. */
export const momentum: Strategy<z.infer<typeof parameters>> = {
  id: "momentum",
  version: "1",
  summary: "Goes with the change of the price over a number of candles.",
  parameters,
  warmup: (p) => Math.max(p.lookback_periods, wilderWarmup(p.atr_periods)) + 1,
  start(p, make) {
    const change = make.roc(p.lookback_periods);
    const range = make.atr(p.atr_periods);
    const [rises, falls] = [crossing(), crossing()];
    return {
      onCandle({ candle, timeframe: current }) {
        if (p.timeframe !== undefined && p.timeframe !== current) return undefined;
        const [roc, atr] = [change.next(candle), range.next(candle)];
        const up = rises(roc === undefined ? undefined : roc - p.threshold_percent, 100);
        const down = falls(roc === undefined ? undefined : roc + p.threshold_percent, 100);
        if (roc === undefined || atr === undefined) return undefined;
        const strength = strengthOf((candle.close * roc) / 100, atr);
        if (up === "up") return buy(candle.close, atr, p, strength, { roc });
        return down === "down" ? sell(strength, { roc }) : undefined;
      },
    };
  },
};
