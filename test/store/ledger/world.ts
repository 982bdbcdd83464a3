import type { Series } from "../../../src/market/series.ts";
import { type SeriesReport, verifySeries } from "../../../src/store/ledger/verify.ts";
import { connect } from "../../../src/store/pg/connection.ts";
import type { CandleRow, KnownSeries, Store } from "../../../src/store/port.ts";

/** Follows a series and writes batches of its candles, as a harvester would. */
export async function written(
  store: Store,
  series: Series,
  batches: readonly ((id: number) => readonly CandleRow[])[],
): Promise<KnownSeries> {
  const known = (await store.watch.add("ledger", series, "test", 0)).series;
  for (const batch of batches) await store.candles.upsert(series.timeframe, batch(known.id));
  return known;
}

export async function proven(store: Store, series: Series): Promise<SeriesReport> {
  const all = await store.ledger.series();
  const one = all.find(
    ({ exchange, pair, timeframe }) =>
      exchange === series.exchange && pair === series.pair && timeframe === series.timeframe,
  );
  if (one === undefined) throw new Error("no such series");
  return verifySeries(store, one, all);
}

/** Does to the tables what no function of the hub would do. */
export async function tamper(
  socketDir: string,
  sql: string,
  values: readonly unknown[],
): Promise<void> {
  const client = await connect({ socketDir });
  try {
    const { rowCount } = await client.query(sql, [...values]);
    if (rowCount === 0) throw new Error("nothing was tampered with");
  } finally {
    await client.end();
  }
}
