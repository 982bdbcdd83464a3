import { ExchangeFailure } from "./errors.ts";
import type { MarketData } from "./port.ts";

/**
 * The same market data, whose candles are asked for only while that is allowed. It is looked at
 * right before each request: a process that was frozen wakes up in the middle of whatever it did.
 */
export function whileAllowed(market: MarketData, mayPoll: () => boolean): MarketData {
  return {
    exchange: market.exchange,
    maxCandles: market.maxCandles,
    candles: async (request, options) => {
      if (mayPoll()) return market.candles(request, options);
      throw new ExchangeFailure(market.exchange, "transient", "is another hub's to poll by now");
    },
    instruments: (options) => market.instruments(options),
    quotes: (pairs, options) => market.quotes(pairs, options),
    orderBook: (pair, levels, options) => market.orderBook(pair, levels, options),
    dayStats: (pair, options) => market.dayStats(pair, options),
    isOpen: (pair, fromMs, untilMs) => market.isOpen(pair, fromMs, untilMs),
    measureClock: (options) => market.measureClock(options),
    exchangeNowMs: () => market.exchangeNowMs(),
    clockOffset: () => market.clockOffset(),
    budgetLeft: () => market.budgetLeft(),
    close: () => market.close(),
  };
}
