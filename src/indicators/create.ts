import { adx } from "./adx.ts";
import { atr } from "./atr.ts";
import { bollinger } from "./bollinger.ts";
import { ema } from "./ema.ts";
import { macd } from "./macd.ts";
import type { Indicators } from "./port.ts";
import { roc } from "./roc.ts";
import { rsi } from "./rsi.ts";
import { sma } from "./sma.ts";
import { stochastic } from "./stochastic.ts";
import { unlinkDroppedValues } from "./unlink.ts";

/** The indicators of the hub: technicalindicators fed one candle at a time, guarded on both sides. */
export function createIndicators(): Indicators {
  unlinkDroppedValues();
  return { sma, ema, rsi, macd, bollinger, atr, adx, stochastic, roc };
}
