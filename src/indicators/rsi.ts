import { finite, overCandles, requirePeriod } from "./guard.ts";
import type { Indicator } from "./port.ts";

/**
 * Relative strength index after Wilder (1978), 0 to 100: 100 · gain / (gain + loss), where gain and
 * loss are the rises and falls of the close, averaged by avg += (x − avg) / period and begun with
 * the mean of the first `period` changes.
 *
 * Our own kernel: the library's RSI is rounded to two decimals, hard-coded, so that a comparison
 * such as "above 30" can differ from the true one. Without any rise or fall since the start there
 * is no value (the library says 100, TA-Lib 0).
 */
export function rsi(period: number): Indicator<number> {
  requirePeriod("rsi period", period);
  let previous: number | undefined;
  let changes = 0;
  let gain = 0;
  let loss = 0;

  return overCandles(period, ({ close }) => {
    const change = previous === undefined ? 0 : close - previous;
    if (previous !== undefined) changes += 1;
    previous = close;
    const rise = Math.max(change, 0);
    const fall = Math.max(-change, 0);
    if (changes <= period) {
      gain += rise / period;
      loss += fall / period;
      if (changes < period) return undefined;
    } else {
      gain += (rise - gain) / period;
      loss += (fall - loss) / period;
    }
    // Divided first: a share is never above 1, while 100 · gain / gain may round to more than 100.
    return finite(100 * (gain / (gain + loss)));
  });
}
