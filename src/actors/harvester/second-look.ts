import type { CallOptions, CandleAnswer, CandleRequest, MarketData } from "../../exchanges/port.ts";
import { isClosed } from "../../market/candle.ts";
import { absentAtVenue } from "./read-answer.ts";

/**
 * Asks for a page of the past, and once more when it passes over candles or sent some damaged: what
 * it lacks now will never be asked for again while all goes well, and venues do stumble.
 * @param isWanted tells of an open time whether its candle is due and not stored yet.
 */
export async function askWithSecondLook(
  market: Pick<MarketData, "candles">,
  request: CandleRequest & { readonly sinceMs: number },
  options: CallOptions,
  isWanted: (openTime: number) => boolean,
): Promise<CandleAnswer> {
  const first = await market.candles(request, options);
  const { timeframe, sinceMs } = request;
  const closed = first.candles.filter((c) => isClosed(c, timeframe, first.exchangeNowMs));
  const isFull = !absentAtVenue(first, closed, timeframe, sinceMs).some(isWanted);
  if (isFull && first.rejected.length === 0) return first;
  return together(first, await market.candles(request, options));
}

/** What either answer holds; where both hold a candle the later one is believed. */
function together(first: CandleAnswer, second: CandleAnswer): CandleAnswer {
  const byTime = new Map([...first.candles, ...second.candles].map((c) => [c.openTime, c]));
  return {
    candles: [...byTime.values()].toSorted((a, b) => a.openTime - b.openTime),
    rejected: second.rejected.filter(({ openTime }) => !byTime.has(openTime ?? Number.NaN)),
    exchangeNowMs: second.exchangeNowMs,
  };
}
