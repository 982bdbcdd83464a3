import { fixedText } from "../../src/exchanges/sandbox/fixed-point.ts";
import { SyntheticMarket } from "../../src/exchanges/sandbox/synthetic/synthetic-market.ts";
import type { Candle } from "../../src/market/candle.ts";
import { closeTimeOf, type Timeframe } from "../../src/market/timeframe.ts";

/** A closed candle as the market truly made it. */
export type MarketTruth = (pair: string, timeframe: Timeframe, openTime: number) => Candle;

/**
 * The closed candles of a synthetic market as they truly are, whatever any exchange says of them.
 * @param extraSymbols how many pairs it has beside the known ones.
 */
export function marketTruth(seed: string, extraSymbols = 0): MarketTruth {
  const market = new SyntheticMarket(seed, { extraSymbols });
  return (pair, timeframe, openTime) => {
    const listing = market.listings.find(({ symbol }) => symbol === pair.replace("/", ""));
    const bar = listing && market.barOver(listing, openTime, closeTimeOf(timeframe, openTime));
    if (listing === undefined || bar === undefined) throw new RangeError(`no candles of ${pair}`);
    const price = (ticks: bigint): number => Number(fixedText(ticks, listing.priceDecimals));
    return {
      openTime,
      open: price(bar.open),
      high: price(bar.high),
      low: price(bar.low),
      close: price(bar.close),
      volume: Number(fixedText(bar.volume, listing.volumeDecimals)),
    };
  };
}
