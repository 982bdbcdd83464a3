import type pg from "pg";
import type { Timeframe } from "../../../src/market/timeframe.ts";
import { connect } from "../../../src/store/pg/connection.ts";
import type { KnownSeries } from "../../../src/store/port.ts";
import type { TestStore } from "../../kit/store.ts";
import { candleRow, MONDAY } from "../builders.ts";

/** What a chain without a fault is told to be, its number of rows aside. */
export const SOUND = { unlinked: 0, broken: null, headFits: true };

/** Ways to a store, and past its functions to the database behind it. */
export function handsOn(opened: TestStore) {
  const client = (): Promise<pg.Client> => connect({ socketDir: opened.server.socketDir });
  return {
    /** A session of the test's own, to be ended by it. */
    client,
    sql: async (text: string): Promise<Record<string, unknown>[]> => {
      const session = await client();
      try {
        return (await session.query<Record<string, unknown>>(text)).rows;
      } finally {
        await session.end();
      }
    },
    follow: async (pair: string, timeframe: Timeframe): Promise<KnownSeries> => {
      const series = { exchange: "binance", pair, timeframe };
      return (await opened.store.watch.add("retention", series, "test", MONDAY)).series;
    },
    put: (series: KnownSeries, openTimes: readonly number[]) =>
      opened.store.candles.upsert(
        series.timeframe,
        openTimes.map((openTime) => candleRow(series.id, 0, { openTime })),
      ),
  };
}

/** Waits until somebody waits for a lock; or long enough for them to have given it up again. */
export async function untilSomebodyWaits(session: pg.Client): Promise<void> {
  const query = "select 1 from pg_locks where not granted";
  for (let tries = 0; tries < 1_000; tries += 1) {
    if ((await session.query(query)).rowCount !== 0) return;
  }
}

/** Begins to write a candle of a series, in a transaction that is left open. */
export async function beginCandle(
  session: pg.Client,
  tf: number,
  seriesId: number,
  openTime: number,
): Promise<void> {
  await session.query("begin");
  await session.query(`select public.hub_candles_upsert(${tf}::smallint, array[${seriesId}],
    array[${openTime}], array[1], array[1], array[1], array[1], array[1],
    array['poll'], array[1]::smallint[], array[${openTime}])`);
}
