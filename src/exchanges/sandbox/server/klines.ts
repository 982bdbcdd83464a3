import { timeframeMs } from "../../../market/timeframe.ts";
import { estimatesOf } from "../bar.ts";
import { listBars } from "../bar-list.ts";
import { fixedText } from "../fixed-point.ts";
import type { Bar, Listing, SandboxMarket } from "../market.ts";
import type { Params } from "./params.ts";

/** The most rows of one answer; a larger limit means this many. */
const MOST_KLINES = 1_000;

/** Candles as the venue writes them: twelve cells a row, the last row usually still open. */
export function klines(market: SandboxMarket, params: Params, nowMs: number): unknown[][] {
  const listing = params.listing();
  const timeframe = params.interval(listing);
  const query = {
    timeframe,
    fromMs: params.time("startTime"),
    toMs: params.time("endTime"),
    limit: params.limit(500, MOST_KLINES),
  };
  return listBars(market, listing, query, nowMs).map((bar) =>
    rowOf(bar, listing, timeframeMs(timeframe)),
  );
}

function rowOf(bar: Bar, listing: Listing, lengthMs: number): unknown[] {
  const { priceDecimals, volumeDecimals } = listing;
  const price = (ticks: bigint): string => fixedText(ticks, priceDecimals);
  const { quoteVolume, trades } = estimatesOf(bar);
  const quoteDecimals = priceDecimals + volumeDecimals;
  return [
    bar.openTime,
    price(bar.open),
    price(bar.high),
    price(bar.low),
    price(bar.close),
    fixedText(bar.volume, volumeDecimals),
    // The last instant of the candle, not the first one after it.
    bar.openTime + lengthMs - 1,
    fixedText(quoteVolume, quoteDecimals),
    trades,
    fixedText(bar.volume / 2n, volumeDecimals),
    fixedText(quoteVolume / 2n, quoteDecimals),
    "0",
  ];
}
