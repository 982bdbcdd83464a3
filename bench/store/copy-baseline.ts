import type pg from "pg";
import { connect } from "../../src/store/pg/connection.ts";
import type { CandleRow } from "../../src/store/port.ts";
import { placeOf } from "../../test/kit/place.ts";

/** The part of the driver's connection that a COPY speaks with; its types leave it out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** One COPY of a text that is in hand, as the driver runs it. */
class CopyIn {
  readonly done: Promise<void>;
  readonly #text: string;
  readonly #content: Buffer;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(text: string, content: Buffer) {
    this.#text = text;
    this.#content = content;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: CopyConnection): void {
    connection.query(this.#text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#content);
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve();
  }
}

/**
 * The fastest plain way to write candles, for comparison: COPY into a temporary table without an
 * index, then INSERT ... SELECT into a twin of the hub's table, keys, checks and months alike.
 * It looks for no older row, answers nothing, and hashes nothing: the hash is a constant.
 */
export class CopyBaseline {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<CopyBaseline> {
    const client = await connect(placeOf(url));
    await client.query(`
      create schema if not exists bench;
      create table bench.candles (like hub.candles including all) partition by list (tf);
      create table bench.candles_1 partition of bench.candles for values in (1)
        partition by range (open_time);
      create table bench.month partition of bench.candles_1
        for values from ('2026-01-01Z') to ('2026-02-01Z');
      create temporary table copied (series_id int, open_time timestamptz, open float8, high float8,
        low float8, close float8, volume float8, source hub.candle_source, attempt smallint,
        fetched_at timestamptz) on commit delete rows`);
    return new CopyBaseline(client);
  }

  async write(rows: readonly CandleRow[]): Promise<void> {
    const copy = new CopyIn("copy copied from stdin", Buffer.from(rows.map(line).join("")));
    await this.#client.query("begin; set local synchronous_commit = off");
    // The driver takes whatever can submit itself, and says no more of it than that.
    this.#client.query(copy as unknown as pg.Submittable);
    await copy.done;
    await this.#client.query(`
      insert into bench.candles (tf, series_id, open_time, open, high, low, close, volume, source,
          attempt, fetched_at, revision, chain_seq, hash)
        select 1, c.series_id, c.open_time, c.open, c.high, c.low, c.close, c.volume, c.source,
          c.attempt, c.fetched_at, 1, 1, '\\x${"00".repeat(32)}' from copied c;
      commit`);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

function line(row: CandleRow): string {
  const openTime = new Date(row.openTime).toISOString();
  const fetchedAt = new Date(row.fetchedAt).toISOString();
  const { seriesId, open, high, low, close, volume, source, attempt } = row;
  return `${seriesId}\t${openTime}\t${open}\t${high}\t${low}\t${close}\t${volume}\t${source}\t${attempt}\t${fetchedAt}\n`;
}
