import { ExchangeFailure, type ExchangeFault } from "../../../../src/exchanges/errors.ts";
import type { MarketData } from "../../../../src/exchanges/port.ts";
import { whileAllowed } from "../../../../src/exchanges/while-allowed.ts";
import { settle } from "../../../kit/manual-clock.ts";

/** The same market, of which a test knows how its calls for candles end and when none is under way. */
export function watchMarket(market: MarketData, onFailure: (fault: ExchangeFault) => void) {
  const underWay = new Set<Promise<unknown>>();
  const follow = async <T>(call: Promise<T>): Promise<T> => {
    underWay.add(call);
    try {
      return await call;
    } finally {
      underWay.delete(call);
    }
  };
  const watched: MarketData = {
    ...whileAllowed(market, () => true),
    candles: (request, options) => {
      const call = market.candles(request, options);
      call.catch((thrown: unknown) => {
        if (thrown instanceof ExchangeFailure) onFailure(thrown.fault);
      });
      return follow(call);
    },
    measureClock: (options) => follow(market.measureClock(options)),
  };
  /** Waits for what is under way, and for what comes of it. */
  const idle = async (): Promise<void> => {
    await settle();
    while (underWay.size > 0) {
      await Promise.allSettled(underWay);
      await settle();
    }
  };
  return { watched, idle };
}
