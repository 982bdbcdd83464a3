import { decimalTextOf, type Fields, fieldsOf, isFields, positiveTextOf } from "../../narrow.ts";
import type { DayStats, Quote } from "../../port.ts";
import { TransportError } from "../../transport/errors.ts";

/**
 * Reads best prices out of ccxt's tickers by symbol, in the order of the pairs asked for.
 * A pair without both sides, as while it is halted, is left out.
 * @param at UTC ms on the hub's clock.
 * @throws TransportError when the answer is not about symbols at all.
 */
export function parseQuotes(answer: unknown, pairs: readonly string[], at: number): Quote[] {
  if (!isFields(answer)) throw new TransportError("the answer made no sense: no quotes");
  return pairs.flatMap((pair) => quoteOf(fieldsOf(answer[pair]), pair, at) ?? []);
}

function quoteOf(ticker: Fields, pair: string, at: number): Quote | undefined {
  const bid = positiveTextOf(ticker["bid"]);
  const ask = positiveTextOf(ticker["ask"]);
  return bid === undefined || ask === undefined ? undefined : { pair, bid, ask, at };
}

/**
 * Reads the last 24 hours of a pair.
 * @param at UTC ms on the hub's clock.
 * @throws TransportError when a figure is missing: a made-up zero would pass for a quiet market.
 */
export function parseDayStats(answer: unknown, pair: string, at: number): DayStats {
  const ticker = fieldsOf(answer);
  const price = (name: string): string => positiveTextOf(ticker[name]) ?? missing(pair, name);
  return {
    pair,
    quoteVolume: decimalTextOf(ticker["quoteVolume"]) ?? missing(pair, "quoteVolume"),
    lastPrice: price("last"),
    openPrice: price("open"),
    highPrice: price("high"),
    lowPrice: price("low"),
    at,
  };
}

function missing(pair: string, name: string): never {
  throw new TransportError(`the answer made no sense: no ${name} of ${pair}`);
}
