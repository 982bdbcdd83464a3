import type pg from "pg";
import { connect } from "../../src/store/pg/connection.ts";
import { placeOf } from "../../test/kit/place.ts";
import type { Road, Roads } from "./roads.ts";
import { BATCH, batch, follow, row } from "./rows.ts";
import { median, printTimes, type Sheet, timed } from "./sheet.ts";

const SERIES = 1_000;
/** Series whose 500 candles are read again. */
const LONG = 100;
/** What a poll asks for of each series. */
const OVERLAP = 4;
/** Busy spells and idle ones of the same length, in turns: the server's own upkeep falls into both. */
const SPELLS = 10;
/** Less than the log of a single row. */
const NOISE_BYTES_A_READ = 100;

/** What polls write that bring nothing new, against what the idle server writes in that time. */
export async function rereads(roads: Roads, sheet: Sheet): Promise<void> {
  console.log("\n### The same candles again\n");
  for (const road of [roads.embedded, roads.postgres]) {
    if (road !== undefined) await onRoad(road, sheet);
  }
}

async function onRoad(road: Road, sheet: Sheet): Promise<void> {
  const { candles } = road.store;
  const series = await follow(road.store, "again", SERIES);
  const long = series.slice(0, LONG).map(({ id }) => batch(id));
  const poll = Array.from({ length: OVERLAP }, (_, i) =>
    series.map(({ id }) => row(id, i, "poll")),
  );
  const reads = [...long, poll.flat()];
  const readAll = async (): Promise<number[]> => {
    const times: number[] = [];
    for (const rows of reads) times.push(await timed(() => candles.upsert("1m", rows)));
    return times;
  };
  await readAll();
  await readAll(); // whoever first reads rows that were just written touches them once more
  const log = await LogPosition.open(road.url);
  const times: number[] = [];
  const beyondIdle: number[] = [];
  for (let spell = 0; spell < SPELLS; spell += 1) {
    const start = await log.bytes();
    const spent = await readAll();
    const middle = await log.bytes();
    const busyMs = spent.reduce((sum, ms) => sum + ms, 0);
    await new Promise((resolve) => setTimeout(resolve, busyMs));
    beyondIdle.push(middle - start - ((await log.bytes()) - middle));
    times.push(...spent.slice(0, -1));
  }
  await log.close();
  printTimes(`${road.name}, ${BATCH} unchanged`, times);
  const what = `log of an unchanged re-read on ${road.name}, beyond the idle`;
  sheet.atMost(what, median(beyondIdle) / reads.length, NOISE_BYTES_A_READ, "bytes");
}

class LogPosition {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<LogPosition> {
    const client = await connect(placeOf(url));
    return new LogPosition(client);
  }

  async bytes(): Promise<number> {
    const text = "select (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes";
    const { rows } = await this.#client.query<{ bytes: number }>(text);
    return rows[0]?.bytes ?? Number.NaN;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
