import { isTimeframe, type Timeframe } from "./timeframe.ts";

/** What is followed: one pair on one exchange in one timeframe. */
export interface Series {
  /** The exchange's id in lower case, e.g. `binance`. */
  readonly exchange: string;
  /** Base and quote, e.g. `BTC/USDT`. */
  readonly pair: string;
  readonly timeframe: Timeframe;
}

/** The name of a series in logs, metrics and actor ids: `binance:BTC/USDT:15m`. */
export type SeriesKey = string;

const EXCHANGE = /^[a-z][a-z0-9]{1,31}$/;
const PAIR = /^[A-Z0-9]{1,20}\/[A-Z0-9]{1,20}$/;

export function seriesKey(series: Series): SeriesKey {
  return `${series.exchange}:${series.pair}:${series.timeframe}`;
}

/** Reads a series back from its key; undefined when the text is not one. */
export function parseSeriesKey(key: SeriesKey): Series | undefined {
  const [exchange = "", pair = "", timeframe = "", ...rest] = key.split(":");
  if (rest.length > 0 || !EXCHANGE.test(exchange) || !PAIR.test(pair)) return undefined;
  return isTimeframe(timeframe) ? { exchange, pair, timeframe } : undefined;
}

export function isExchangeId(value: string): boolean {
  return EXCHANGE.test(value);
}

export function isPair(value: string): boolean {
  return PAIR.test(value);
}

/** Currencies and metals that people write without anything between them; their codes have three letters. */
const CURRENCIES = new Set(
  (
    "AUD CAD CHF CNH CZK DKK EUR GBP HKD HUF JPY MXN NOK NZD PLN SEK SGD THB TRY USD ZAR " +
    "XAG XAU XPD XPT"
  ).split(" "),
);

/**
 * Writes a pair as the hub does: `btc-usdt`, `EUR_USD` and `BTC/USDT` all name base and quote, and so
 * does `EURUSD`, since both halves are currencies.
 */
export function normalisePair(value: string): string {
  const pair = value.trim().toUpperCase().replace(/[-_]/, "/");
  const [base, quote] = [pair.slice(0, 3), pair.slice(3)];
  return CURRENCIES.has(base) && CURRENCIES.has(quote) ? `${base}/${quote}` : pair;
}

/** The assets a pair is made of. */
export function assetsOf(pair: string): { readonly base: string; readonly quote: string } {
  const [base = "", quote = ""] = pair.split("/");
  return { base, quote };
}
