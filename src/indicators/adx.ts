import { ADX } from "technicalindicators";
import type { Candle } from "../market/candle.ts";
import { overCandles, requirePeriod } from "./guard.ts";
import type { AdxValue, Indicator } from "./port.ts";

interface Lines {
  nextValue(candle: Candle): { adx: number; pdi: number; mdi: number } | undefined;
}

/**
 * Average directional index after Wilder (1978), 0 to 100, with its two directional indicators:
 * ±DI = 100 · Wilder sum of ±DM / Wilder sum of true range, DX = 100 · |+DI − −DI| / (+DI + −DI),
 * ADX = Wilder average of DX.
 *
 * A market that has never moved has no direction: DX is 0 / 0, and the library would answer NaN for
 * ever. So candles without directional movement are held back at the start, `period` of them at
 * most, until the first movement; then the first sums cannot be zero. Where movement comes within
 * `period` candles, as it nearly always does, nothing is left out. Should the sums fade to nothing
 * in a market that stands still for thousands of candles, it begins anew.
 * @throws RangeError for a period of 1 too: nothing would be averaged, and each inside bar is 0 / 0.
 */
export function adx(period: number): Indicator<AdxValue> {
  requirePeriod("adx period", period);
  if (period < 2) throw new RangeError("adx period must be at least 2");
  const waiting: Candle[] = [];
  let lines: Lines | undefined;

  return overCandles(2 * period - 1, (candle) => {
    if (lines === undefined) {
      const previous = waiting.at(-1);
      if (previous === undefined || !movesDirectionally(previous, candle)) {
        waiting.push(candle);
        if (waiting.length > period) waiting.shift();
        return undefined;
      }
      lines = freshLines(period);
      for (const held of waiting) lines.nextValue(held);
      waiting.length = 0;
    }
    const value = lines.nextValue(candle);
    if (value === undefined) return undefined;
    const { adx: strength, pdi, mdi } = value;
    if (Number.isFinite(strength) && Number.isFinite(pdi) && Number.isFinite(mdi)) {
      return { adx: strength, plusDi: pdi, minusDi: mdi };
    }
    lines = undefined;
    waiting.push(candle);
    return undefined;
  });
}

/** Says whether Wilder's +DM or −DM is above zero: the larger of both moves outwards counts. */
function movesDirectionally(previous: Candle, candle: Candle): boolean {
  const up = candle.high - previous.high;
  const down = previous.low - candle.low;
  return up !== down && Math.max(up, down) > 0;
}

function freshLines(period: number): Lines {
  // The library's own type says that its `nextValue` takes a number; it takes a candle.
  return new ADX({ period, high: [], low: [], close: [] }) as unknown as Lines;
}
