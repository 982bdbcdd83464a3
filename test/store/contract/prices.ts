import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import { candleRow, MINUTE, MONDAY } from "../builders.ts";

export function pricePromises(opened: { readonly store: Store }): void {
  /** Follows a pair in a timeframe, with one candle. */
  const follow = async (pair: string, timeframe: "1m" | "5m", place: number) => {
    const { watch, candles } = opened.store;
    const wish = { exchange: "kraken", pair, timeframe } as const;
    const { series } = await watch.add("prices", wish, "test", MONDAY);
    await candles.upsert(timeframe, [candleRow(series.id, place)]);
  };
  const quote = { exchange: "kraken", bid: "9.5", ask: "10.5", at: MONDAY + MINUTE } as const;

  test("keeps a price of each followed pair and of each quote, and the same one once", async () => {
    const { pulse } = opened.store;
    await pulse.savePrices([]);
    await follow("PRC/EUR", "1m", 0);
    await follow("PRC/EUR", "5m", 0);
    await follow("PRC/USD", "1m", 0);

    const first = await pulse.savePrices([{ ...quote, pair: "HELD/EUR" }]);
    const again = await pulse.savePrices([{ ...quote, pair: "HELD/EUR" }]);
    await follow("PRC/USD", "1m", 1);
    const later = await pulse.savePrices([{ ...quote, pair: "HELD/EUR", at: quote.at + 1 }]);

    expect([first, again, later]).toEqual([3, 0, 2]);
  });
}
