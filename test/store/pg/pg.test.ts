import { expect, test } from "vitest";
import { StoreFailure } from "../../../src/store/errors.ts";
import { connect } from "../../../src/store/pg/connection.ts";
import { openPgDatabase } from "../../../src/store/pg/database.ts";
import { placeOf } from "../../kit/place.ts";
import { sql as sqlOn } from "../../kit/sql.ts";
import { withStore } from "../../kit/store.ts";
import { BTC_1M, candleRow, MINUTE, MONDAY } from "../builders.ts";
import { storeContract } from "../store.contract.ts";

const opened = withStore();

storeContract("the embedded PostgreSQL", opened);

const sql = (text: string) => sqlOn({ socketDir: opened.server.socketDir }, text);

const rows = (seriesId: number, from: number, n: number) =>
  Array.from({ length: n }, (_, i) => candleRow(seriesId, from + i));

test("an unchanged batch read again costs no write a row", async () => {
  const { candles, watch } = opened.store;
  const { series } = await watch.add("wal", BTC_1M, "test", MONDAY);
  await candles.upsert("1m", rows(series.id, 0, 500));
  const logBytes = async () => {
    const [row] = await sql("select (pg_current_wal_insert_lsn() - '0/0')::int as bytes");
    return row?.["bytes"] as number;
  };
  const before = await logBytes();

  await candles.upsert("1m", rows(series.id, 0, 500));

  // Row locks alone would be 28 kB; the server's own housekeeping is some hundred bytes.
  expect((await logBytes()) - before).toBeLessThan(3_000);
});

test("series are looked up by their key, however few there were when the plan was made", async () => {
  const { watch } = opened.store;
  const follow = async (name: string, count: number) => {
    const pairs = Array.from({ length: count }, (_, i) => `${name}${i}/USDT`);
    const series = pairs.map((pair) => ({ ...BTC_1M, pair }));
    await watch.savePortfolio({ name, series }, "test", MONDAY);
    return (await watch.active()).filter(({ pair }) => pairs.includes(pair)).map(({ id }) => id);
  };
  const client = await connect({ socketDir: opened.server.socketDir });
  const close = async (ids: readonly number[], minute: number): Promise<void> => {
    const at = MONDAY + minute * MINUTE;
    const same = (value: string) => `array_fill(${value}, array[cardinality($1::int[])])`;
    const figures = Array.from({ length: 5 }, () => same("1::float8")).join();
    const origin = [same("'poll'::text"), same("1::smallint"), same(`${at}::bigint`)].join();
    const times = same(`${at}::bigint`);
    const upsert = `select hub_candles_upsert(1::smallint, $1, ${times}, ${figures}, ${origin})`;
    await client.query(upsert, [ids]);
    await client.query(`select hub_watch_evaluated($1, ${times})`, [ids]);
  };
  /** How often this transaction has walked through all series. */
  const walks = async (): Promise<unknown> => {
    const text = "select seq_scan from pg_stat_xact_user_tables where relname = 'series'";
    return (await client.query<{ seq_scan: string }>(text)).rows[0]?.seq_scan;
  };
  await client.query("begin");
  const few = await follow("FEW", 10);
  // A statement keeps its plan from the sixth run on.
  for (let minute = 0; minute < 8; minute += 1) await close(few, minute);
  const many = await follow("MANY", 1_000);
  const before = await walks();

  await close(many, 1);
  await close(many, 2);

  expect(await walks()).toBe(before);
  await client.query("rollback");
  await client.end();
});

test("instants come back to the millisecond, without a function call for each", async () => {
  const [row] = await sql(`select count(*)::int as n from
    (select n * 40000003::bigint as ms from generate_series(0, 100000) n) x
    where hub.ms(hub.instant(x.ms)) <> x.ms`);
  const plan = await sql("explain verbose select hub.ms(raised_at) from hub.signals");

  expect(row).toEqual({ n: 0 });
  expect(JSON.stringify(plan)).toMatch(/date_part/);
});

test("a revised candle keeps its old form with its provenance", async () => {
  const { candles, watch } = opened.store;
  const series = { ...BTC_1M, pair: "OLD/USDT" };
  const { id } = (await watch.add("old", series, "test", MONDAY)).series;
  const first = candleRow(id, 0, { source: "retry", attempt: 3 });
  await candles.upsert("1m", [first]);

  await candles.upsert("1m", [{ ...first, close: 100.9, source: "backfill" }]);

  const kept = `select close, source::text, attempt, revision, hub.ms(fetched_at) as at, chain_seq
    from hub.candle_revisions where series_id = ${id}`;
  expect(await sql(kept)).toEqual([
    {
      close: first.close,
      source: "retry",
      attempt: 3,
      revision: 1,
      at: `${first.fetchedAt}`,
      chain_seq: "1",
    },
  ]);
  const now = `select source::text, revision, chain_seq from hub.candles where series_id = ${id}`;
  expect(await sql(now)).toEqual([{ source: "backfill", revision: 2, chain_seq: "2" }]);
});

test("a candle changed behind the hub's back breaks the chain where it stands", async () => {
  const { candles, watch } = opened.store;
  const series = { ...BTC_1M, pair: "FAKE/USDT" };
  const { id } = (await watch.add("fake", series, "test", MONDAY)).series;
  await candles.upsert("1m", rows(id, 0, 5));

  await sql(`update hub.candles set volume = volume + 1 where series_id = ${id} and chain_seq = 3`);

  expect(await candles.verify(series)).toMatchObject({
    broken: { seq: 3, openTime: MONDAY + 2 * MINUTE },
  });
  await sql(`delete from hub.candles where series_id = ${id} and chain_seq = 5`);
  expect(await candles.verify(series)).toMatchObject({ headFits: false });
});

test("rows that came before their month move into it", async () => {
  const { candles, watch, database } = opened.store;
  const series = { ...BTC_1M, pair: "EARLY/USDT" };
  const { id } = (await watch.add("early", series, "test", MONDAY)).series;
  const openTime = Date.UTC(2031, 4, 5);
  // Straight to the function: the repository would have made the month first.
  await database.call("hub_candles_upsert", {
    p_tf: 1,
    s: [id],
    t: [openTime],
    o: [1],
    h: [1],
    l: [1],
    c: [1],
    v: [1],
    source: ["poll"],
    attempt: [1],
    fetched: [openTime],
  });
  const parked = await sql("select count(*)::int as n from hub.candles_1_default");

  await candles.ensurePartitions("1m", openTime, openTime);

  expect(parked).toEqual([{ n: 1 }]);
  expect(await sql("select count(*)::int as n from hub.candles_1_default")).toEqual([{ n: 0 }]);
  expect(await sql("select count(*)::int as n from hub.candles_1_203105")).toEqual([{ n: 1 }]);
});

test("a call that takes too long ends as offline, and the next one works", async () => {
  const { database, watch } = opened.store;
  const client = await connect({ socketDir: opened.server.socketDir });
  await client.query("begin; lock table hub.facts in access exclusive mode");

  const stuck = database.call("hub_first_use", {}, { timeoutMs: 80 });

  await expect(stuck).rejects.toMatchObject({ fault: "offline", reason: "57014", retry: "later" });
  expect(database.health().state).toBe("offline");
  await client.query("rollback");
  await client.end();
  await watch.active();
  expect(database.health().state).toBe("ok");
});

test("connections that the server cut are replaced", async () => {
  const { store } = opened;
  await store.watch.active();
  await sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'",
  );

  // Those that met a dead connection fail as offline; the ones after them find new ones. There are
  // as many as the pool may hold.
  await Promise.allSettled(Array.from({ length: 8 }, () => store.watch.active()));

  await expect(store.watch.active()).resolves.toBeInstanceOf(Array);
});

test("a function that is not there is a refusal", async () => {
  const call = opened.database.call("hub_nothing", {});

  await expect(call).rejects.toMatchObject({ fault: "refused", reason: "42883" });
});

test("a database nobody answers for is offline, and the login stays out of the message", async () => {
  const url = "postgresql://keeper:s3cret@127.0.0.1:1/hub";

  const thrown = await openPgDatabase(placeOf(url)).catch((error: unknown) => error);

  expect(thrown).toBeInstanceOf(StoreFailure);
  expect(thrown).toMatchObject({ fault: "offline", reason: "ECONNREFUSED" });
  expect(JSON.stringify(thrown) + String(thrown)).not.toMatch(/s3cret|keeper/);
});

test("a URL may name a socket the way PostgreSQL does", async () => {
  const url = `postgresql://postgres@/postgres?host=${opened.server.socketDir}`;

  const database = await openPgDatabase(placeOf(url));

  expect(await database.call("hub_watch_active", {})).toBeInstanceOf(Array);
  await database.close();
});

test.each([
  ["postgresql://u:s3cret@db.example:6543/postgres", /session pooler/],
  ["mysql://u:s3cret@db.example/x", /postgresql:\/\//],
  ["postgresql://u:p@h/x?port=6543&password=s3cret", /session pooler/],
  ["s3cret", /not of the form/],
  ["postgresql://u:s3cret@db.example:many/x", /not of the form/],
  ["postgresql://u:12#s3cret@db.example/x", /not of the form .*%40/],
  ["postgresql://u:12/s3cret@db.example/x", /not of the form/],
  [
    "postgresql://u:s3cret@db.example/x?sslrootcert=/no/such/file",
    /no such file.*\/no\/such\/file/,
  ],
])("refuses %s in one line", async (url, line) => {
  const thrown = await openPgDatabase(placeOf(url)).catch((error: unknown) => error);

  expect(thrown).toMatchObject({ name: "StartRefusal" });
  expect(String(thrown)).toMatch(line);
  expect(String(thrown)).not.toMatch(/s3cret|\n/);
});
