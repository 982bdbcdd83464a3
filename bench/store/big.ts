import { connect } from "../../src/store/pg/connection.ts";
import type { KnownSeries } from "../../src/store/port.ts";
import { placeOf } from "../../test/kit/place.ts";
import type { Road, Roads } from "./roads.ts";
import { BATCH, follow, START } from "./rows.ts";
import { percentile, printTimes, type Sheet, timed } from "./sheet.ts";

const SERIES = 1_000;
const READS = 2_000;
const WARM_UP = 200;
/** Minutes in one statement: enough to be quick, few enough to sort in memory. */
const MINUTES_A_STEP = 20;

/**
 * Candles as a year of closes leaves them: each minute of all series beside each other, so that the
 * rows of one series lie pages apart. The hash stands in for a chain; nothing here follows it.
 */
const LOAD = `
  insert into hub.candles (tf, series_id, open_time, open, high, low, close, volume, source, attempt,
      fetched_at, revision, chain_seq, hash)
    select 1, s, t, p, p + 0.25, p - 0.25, p + 0.01, (m * 13) % 997, 'poll', 1,
      t + interval '65 s', 1, m + 1, sha256(int8send(m) || int4send(s))
    from (select m, s, to_timestamp($3::float8 / 1000) + m * interval '1 min' as t,
        100 + ((s * 31 + m * 17) % 1000) / 100.0 as p
      from generate_series($1::bigint, $2::bigint) m, unnest($4::int[]) s order by m, s) rows`;

/** The newest 500 candles of a series out of very many rows, on both servers in turns. */
export async function big(roads: Roads, sheet: Sheet, rows: number): Promise<void> {
  console.log(
    `\n### The newest ${BATCH} of a series, out of ${rows.toLocaleString("en")} candles\n`,
  );
  const all = [roads.embedded, roads.postgres].filter((road) => road !== undefined);
  const sides = await Promise.all(
    all.map(async (road) => {
      const series = await follow(road.store, "big", SERIES);
      await load(road, series, Math.ceil(rows / SERIES));
      return { road, series, times: [] as number[] };
    }),
  );
  for (let read = 0; read < READS + WARM_UP; read += 1) {
    for (const { road, series, times } of sides) {
      const one = series[(read * 379) % series.length];
      if (one === undefined) continue;
      const ms = await timed(() => road.store.candles.last(one, BATCH));
      if (read >= WARM_UP) times.push(ms);
    }
  }
  for (const { road, times } of sides) {
    printTimes(road.name, times);
    const what = `newest ${BATCH} of ${rows.toLocaleString("en")} on ${road.name}, p99`;
    sheet.atMost(what, percentile(times, 0.99), 10, "ms");
  }
}

async function load({ url, name }: Road, series: readonly KnownSeries[], minutes: number) {
  const client = await connect(placeOf(url));
  const ids = series.map(({ id }) => id);
  const startedAt = performance.now();
  await client.query("set synchronous_commit = off");
  for (let from = 0; from < minutes; from += MINUTES_A_STEP) {
    const to = Math.min(minutes, from + MINUTES_A_STEP) - 1;
    await client.query(LOAD, [from, to, START, ids]);
  }
  await client.query(
    `update hub.series set newest = to_timestamp($1::float8 / 1000) + $2 * interval '1 min',
       candles = $2, chain_seq = $2 where id = any ($3)`,
    [START, minutes - 1, ids],
  );
  // What a server that grew to this size would have behind it, and not beside the reads.
  await client.query("vacuum (analyze) hub.candles");
  await client.query("checkpoint");
  const [size] = (
    await client.query<{ mb: number }>(
      "select (pg_total_relation_size('hub.candles_1_202601') / 1e6)::int as mb",
    )
  ).rows;
  await client.end();
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  console.log(`${name}: loaded in ${seconds} s, ${size?.mb} MB with the key`);
}
