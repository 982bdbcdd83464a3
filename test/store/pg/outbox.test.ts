import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../../../src/store/pg/connection.ts";
import { sql } from "../../kit/sql.ts";
import { withStore } from "../../kit/store.ts";
import { MONDAY } from "../builders.ts";

const opened = withStore();

const TELL = `insert into hub.outbox (at, kind, subject, payload)
  values (now(), 'test', $1, '{}') returning id::int`;

/** The server's own housekeeping writes too, and may hold readers up for a moment. */
const PATIENCE = { timeout: 10_000, interval: 2 };

const RUN = {
  id: randomUUID(),
  at: MONDAY,
  place: "here",
  version: "1",
  mode: "sandbox",
  road: "embedded",
  lostAfterMs: 300_000,
  strategies: [],
} as const;

/** A connection with a transaction of its own, open for as long as the test likes. */
class Writer {
  readonly #client: pg.Client;
  #told: string[] | undefined;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(): Promise<Writer> {
    return new Writer(await connect({ socketDir: opened.server.socketDir }));
  }

  /** Opens a transaction and gives it a number: from now on it counts as one that writes. */
  async begin(): Promise<void> {
    if (this.#told !== undefined) return;
    this.#told = [];
    await this.#client.query("begin");
    await this.#client.query("select pg_current_xact_id()");
  }

  /** Writes a fact in the open transaction; answers its id. */
  async tell(subject: string): Promise<number> {
    await this.begin();
    this.#told?.push(subject);
    const { rows } = await this.#client.query<{ id: number }>(TELL, [subject]);
    return rows[0]?.id ?? 0;
  }

  /** Ends the open transaction, if there is one; answers what it made known. */
  async end(how: "commit" | "rollback"): Promise<readonly string[]> {
    const told = this.#told ?? [];
    this.#told = undefined;
    await this.#client.query(how);
    return how === "commit" ? told : [];
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}

const isMarker = (subject: string): boolean => subject.startsWith("marker ");

/** A reader that keeps its place, and what it was told. */
class Reader {
  readonly told: string[] = [];
  #place: number;

  constructor(place = 0) {
    this.#place = place;
  }

  /** A reader that stands behind everything told so far. */
  static async fromHere(): Promise<Reader> {
    const marker = `marker ${randomUUID()}`;
    const [row] = await sql(opened.server, TELL, [marker]);
    const all = new Reader();
    const reached = async () => (await all.read(1_000)).includes(marker);
    await vi.waitUntil(reached, PATIENCE);
    return new Reader(Number(row?.["id"]));
  }

  async read(limit = 100): Promise<readonly string[]> {
    const events = await opened.store.outbox.after(this.#place, limit);
    this.#place = events.at(-1)?.id ?? this.#place;
    const subjects = events.map(({ subject }) => subject);
    this.told.push(...subjects.filter((subject) => !isMarker(subject)));
    return subjects;
  }

  /** Reads on until it was told so much. */
  async until(count: number): Promise<void> {
    const readOn = async () => {
      await this.read();
      return this.told.length >= count;
    };
    await vi.waitUntil(readOn, PATIENCE);
  }
}

describe("a reader of the outbox", () => {
  let writers: readonly Writer[] = [];
  beforeAll(async () => {
    writers = await Promise.all([Writer.open(), Writer.open(), Writer.open()]);
  });
  afterAll(() => Promise.all(writers.map((writer) => writer.close())));
  const [first, second] = [() => writers[0] as Writer, () => writers[1] as Writer];

  test("waits for an open transaction that holds a lower id", async () => {
    const reader = await Reader.fromHere();
    const lower = await first().tell("slow");
    const higher = await second().tell("quick");
    await second().end("commit");

    const before = await reader.read();
    await first().end("commit");
    await reader.until(2);

    expect(lower).toBeLessThan(higher);
    expect(before).toEqual([]);
    expect(reader.told).toEqual(["slow", "quick"]);
    expect(await reader.read()).toEqual([]);
  });

  // Numbers of transactions and ids of rows are given out at different moments.
  test("passes over nothing when the older transaction takes the higher id", async () => {
    const reader = await Reader.fromHere();
    await first().begin();
    const lower = await second().tell("younger");
    const higher = await first().tell("older");
    await first().end("commit");
    await reader.until(1);

    await second().end("commit");
    await reader.until(2);

    expect(lower).toBeLessThan(higher);
    expect(reader.told).toEqual(["older", "younger"]);
  });

  test("does not wait for one that was given up", async () => {
    const reader = await Reader.fromHere();
    await first().tell("gone");
    await second().tell("there");
    await second().end("commit");
    await first().end("rollback");

    await reader.until(1);

    expect(reader.told).toEqual(["there"]);
  });

  const who = fc.integer({ min: 0, max: 2 });
  const deed = (name: "begin" | "tell" | "commit" | "rollback") =>
    fc.record({ deed: fc.constant(name), who });
  const reading = fc.record({
    deed: fc.constant("read" as const),
    limit: fc.constantFrom(1, 2, 100),
  });
  const steps = fc.array(
    fc.oneof(
      deed("begin"),
      deed("tell"),
      deed("tell"),
      deed("commit"),
      deed("rollback"),
      reading,
      reading,
    ),
    { minLength: 5, maxLength: 40 },
  );

  test("is told each fact once, in one order for all, however writers interleave", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const late = await Reader.fromHere();
        const reader = await Reader.fromHere();
        const known: string[] = [];
        for (const [i, step] of script.entries()) {
          if (step.deed === "read") await reader.read(step.limit);
          else {
            const writer = writers[step.who] as Writer;
            if (step.deed === "begin") await writer.begin();
            else if (step.deed === "tell") await writer.tell(`fact ${i}`);
            else known.push(...(await writer.end(step.deed)));
          }
        }
        for (const writer of writers) known.push(...(await writer.end("commit")));
        await reader.until(known.length);
        await late.until(known.length);

        expect(reader.told.toSorted()).toEqual(known.toSorted());
        expect(late.told).toEqual(reader.told);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test("is not told again of what an import brings along", async () => {
    const reader = await Reader.fromHere();
    const halt =
      "insert into hub.halts (by, reason, at, resumed_by, resumed_at) values ('ann', 'x', now(), 'bob', now())";
    await sql(opened.server, `begin; set local hub.importing = 'on'; ${halt}; commit`);
    await sql(opened.server, halt);

    await reader.until(1);
    await reader.read();

    expect(reader.told).toEqual(["trading"]);
  });

  // A restored database brings numbers that its new cluster has not reached.
  test("is not kept waiting by a copy from another cluster, once a hub has started on it", async () => {
    const { runs } = opened.store;
    const reader = await Reader.fromHere();
    await first().tell("copied");
    await first().end("commit");
    const ahead = "(xact::text::bigint + 1000000)::text::xid8";
    await sql(opened.server, `update hub.outbox set xact = ${ahead}`);
    const before = await reader.read();

    await runs.start(RUN);
    await reader.until(1);

    expect(before).toEqual([]);
    expect(reader.told).toEqual(["copied"]);
  });
});
