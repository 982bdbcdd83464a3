import type { Candle } from "../../market/candle.ts";
import { decimal, text } from "../../market/decimal.ts";
import { type Series, seriesKey } from "../../market/series.ts";
import type { RawSignal } from "../../market/signal.ts";
import { closeTimeOf } from "../../market/timeframe.ts";
import { hashId } from "../../runtime/ids.ts";
import type { StrategyWish } from "../../strategies/runner.ts";

/** Makes the signal of a wish: the same candle and strategy always give the same id. */
export function raiseSignal(
  series: Series,
  candle: Candle,
  wish: StrategyWish,
  missingInWindow: number,
  nowMs: number,
): RawSignal {
  const { openTime } = candle;
  const { strategy, strategyVersion, config } = wish;
  const parts = [seriesKey(series), String(openTime), strategy, strategyVersion];
  return {
    // A strategy may run twice on a series, under two names.
    id: hashId(...parts, ...(config.name === strategy ? [] : [config.name])),
    series,
    openTime,
    closeTime: closeTimeOf(series.timeframe, openTime),
    strategy,
    strategyVersion,
    config,
    side: wish.side,
    strength: wish.strength,
    price: text(decimal(candle.close)),
    ...(wish.stopLoss === undefined ? {} : { stopLoss: wish.stopLoss }),
    ...(wish.takeProfit === undefined ? {} : { takeProfit: wish.takeProfit }),
    evidence: wish.evidence,
    raisedAt: nowMs,
    missingInWindow,
  };
}
