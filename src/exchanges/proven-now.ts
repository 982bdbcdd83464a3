import type { Candle } from "../market/candle.ts";

/**
 * The latest instant that has surely passed at the exchange, UTC ms. What its clock was measured to say
 * may be wrong by seconds, and a forming candle would be taken for a closed one: so it counts only as
 * far as our own clock has come as well, or a candle has opened.
 * @param exchangeNowMs the exchange's clock by the last measurement.
 * @param hubNowMs what we know of the time by ourselves.
 * @param candles the rows that have just come, oldest first, the forming one among them.
 */
export function provenNow(
  exchangeNowMs: number,
  hubNowMs: number,
  candles: readonly Candle[],
): number {
  const newestOpen = candles.at(-1)?.openTime ?? Number.NEGATIVE_INFINITY;
  return Math.min(exchangeNowMs, Math.max(hubNowMs, newestOpen));
}
