import { describe, expect, test } from "vitest";
import { sql } from "../../kit/sql.ts";
import { withStore } from "../../kit/store.ts";
import { candleRow, MINUTE, MONDAY } from "../builders.ts";

const opened = withStore();

const ask = (text: string) => sql(opened.server, text);

describe("the picture of the account", () => {
  test("stays one row, whose instant moves with each writing", async () => {
    const { pulse } = opened.store;
    const rows =
      "select snapshot_id, hub.ms(updated_at)::float8 as at from public.fxshinobi_snapshots";
    const seen = [];

    for (const at of [MONDAY, MONDAY + MINUTE, MONDAY + 2 * MINUTE]) {
      await pulse.saveSnapshot({ account_balance: "1" }, at);
      seen.push(await ask(rows));
    }

    expect(seen).toEqual(
      [0, 1, 2].map((n) => [{ snapshot_id: "default", at: MONDAY + n * MINUTE }]),
    );
  });
});

describe("prices", () => {
  const follow = async (pair: string, timeframe: "1m" | "5m", places: readonly number[]) => {
    const { watch, candles } = opened.store;
    const wish = { exchange: "binance", pair, timeframe } as const;
    const { series } = await watch.add("prices", wish, "test", MONDAY);
    await candles.upsert(
      timeframe,
      places.map((place) => candleRow(series.id, place)),
    );
    return wish;
  };
  const kept = async (pair: string) => {
    const rows = await ask(
      `select price, bid, ask, volume, hub.ms(at)::float8 as at from hub.price_snapshots
        where exchange = 'binance' and symbol = '${pair}' order by at`,
    );
    return rows.map((row) => Object.values(row));
  };

  test("are those of the candle that closed last, of two at once the shorter", async () => {
    await follow("NEW/USDT", "1m", [0, 4]);
    await follow("NEW/USDT", "5m", [0]);
    await follow("LAG/USDT", "1m", [0, 3]);
    await follow("LAG/USDT", "5m", [0]);

    await opened.store.pulse.savePrices([]);

    const closes = MONDAY + 5 * MINUTE;
    expect(await kept("NEW/USDT")).toEqual([["100.6", null, null, "7.7", closes]]);
    expect(await kept("LAG/USDT")).toEqual([["100.1", null, null, "3.7", closes]]);
  });

  test("are those of a quote where it came later", async () => {
    await follow("HELD/USDT", "1m", [0]);
    const quote = { exchange: "binance", pair: "HELD/USDT", bid: "99.5", ask: "100.25" };

    await opened.store.pulse.savePrices([{ ...quote, at: MONDAY + MINUTE - 1 }]);
    await opened.store.pulse.savePrices([{ ...quote, at: MONDAY + MINUTE + 1 }]);

    expect(await kept("HELD/USDT")).toEqual([
      ["100.1", null, null, "3.7", MONDAY + MINUTE],
      ["99.875", "99.5", "100.25", null, MONDAY + MINUTE + 1],
    ]);
  });

  test("of what nobody follows any more are not kept", async () => {
    const series = await follow("OLD/USDT", "1m", [0]);
    await opened.store.watch.remove(series, "test", MONDAY);

    await opened.store.pulse.savePrices([]);

    expect(await kept("OLD/USDT")).toEqual([]);
  });
});
