import {
  isExchangeId,
  isPair,
  normalisePair,
  type Series,
  type SeriesKey,
  seriesKey,
} from "../../market/series.ts";
import { parseTimeframe, TIMEFRAMES } from "../../market/timeframe.ts";
import type { Refused } from "./protocol.ts";

export interface SeriesWish {
  readonly exchange: string;
  readonly pair: string;
  readonly timeframe: string;
}

/**
 * Reads a series as a person wrote it: `Binance`, `btc-usdt`, `1H`. Whether the exchange really
 * trades the pair is for the exchange to say.
 */
export function checkWish(wish: SeriesWish, exchanges: readonly string[]): Series | Refused {
  const exchange = wish.exchange.trim().toLowerCase();
  if (!isExchangeId(exchange) || !exchanges.includes(exchange)) {
    return refused(
      "exchange",
      `exchange ${JSON.stringify(wish.exchange)} is not supported`,
      exchanges,
    );
  }
  const pair = normalisePair(wish.pair);
  if (!isPair(pair)) {
    return refused("pair", `pair ${JSON.stringify(wish.pair)} is not written BASE/QUOTE`, [
      "BTC/USDT",
    ]);
  }
  const timeframe = parseTimeframe(wish.timeframe);
  if (timeframe === undefined) {
    const message = `timeframe ${JSON.stringify(wish.timeframe)} is not followed`;
    return refused("timeframe", message, TIMEFRAMES);
  }
  return { exchange, pair, timeframe };
}

/** The same for many; a series that is named twice counts once. */
export function checkWishes(
  wishes: readonly SeriesWish[],
  exchanges: readonly string[],
): readonly Series[] | Refused {
  const checked = new Map<SeriesKey, Series>();
  for (const wish of wishes) {
    const series = checkWish(wish, exchanges);
    if ("kind" in series) return series;
    checked.set(seriesKey(series), series);
  }
  return [...checked.values()];
}

export function refused(
  field: Refused["field"],
  message: string,
  allowed: readonly string[],
): Refused {
  return { kind: "refused", field, message, allowed };
}
