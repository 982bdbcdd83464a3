import { createCcxtMarketData } from "../../../src/exchanges/ccxt/market-data.ts";
import type { MarketData } from "../../../src/exchanges/port.ts";
import { type Clock, machineClock } from "../../../src/runtime/clock.ts";
import { type RecordedVenue, startRecordedVenue } from "./recorded-venue.ts";

/** When the recordings were taken, UTC ms. */
export const RECORDED_AT = Date.UTC(2026, 0, 1, 0, 10, 30);

export interface RecordedWorld {
  readonly venue: RecordedVenue;
  readonly market: MarketData;
  close(): Promise<void>;
}

/** Market data of one exchange against its recorded answers, on a clock that is at the recording. */
export async function openRecorded(
  exchange: string,
  clock: Clock,
  deadlineMs = 5_000,
): Promise<RecordedWorld> {
  const venue = await startRecordedVenue(exchange);
  const market = await createCcxtMarketData({
    exchange,
    clock,
    machineClock,
    baseUrl: venue.baseUrl,
    deadlineMs,
    random: () => 0.5,
  });
  const close = async (): Promise<void> => {
    await market.close();
    await venue.close();
  };
  return { venue, market, close };
}
