import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { checkExport } from "../../../src/store/transfer/read-file.ts";
import { importStore } from "../../../src/store/transfer/store.ts";
import { refuseUnfinishedImport } from "../../../src/store/transfer/unfinished.ts";
import { sql } from "../../kit/sql.ts";
import { BTC_1M, MONDAY } from "../builders.ts";
import { liveALittle } from "./fill.ts";
import { folder } from "./folder.ts";
import { reseal } from "./reseal.ts";
import {
  embeddedRoad,
  exportLines,
  importFrom,
  postgresRoad,
  restRoad,
  type TestRoad,
} from "./world.ts";

const source = embeddedRoad();
const postgres = postgresRoad();
const rest = restRoad();
const file = folder();

beforeAll(async () => {
  await liveALittle(source.opened.store, source.place);
  await exportLines(source, file("full.jsonl"));
});

/** Rows of all tables together. */
async function rowsIn(road: TestRoad): Promise<number> {
  const { trailer } = await exportLines(road, file("count.jsonl"));
  return Object.values(trailer.rows).reduce((sum, count) => sum + count, 0);
}

/** A hub holds a lease; the table of leases is made where the schema has none. */
async function withRunningHub(road: TestRoad, work: () => Promise<void>): Promise<void> {
  await sql(
    road.place,
    `create table if not exists hub.leases (name text primary key, holder uuid not null, instance text not null,
      epoch bigint not null, expires_at timestamptz not null);
    insert into hub.leases (name, holder, instance, epoch, expires_at)
      values ('trader', gen_random_uuid(), 'hub-7', 1, now() + interval '1 hour')`,
  );
  try {
    await work();
  } finally {
    await sql(road.place, "delete from hub.leases");
  }
}

describe.each([
  ["a PostgreSQL", postgres],
  ["a Supabase project without a direct connection", rest],
])("an import into %s", { timeout: 60_000 }, (_name, road) => {
  afterEach(() => road.clear());

  test("is refused by a database that holds anything, and leaves it alone", async () => {
    await road.opened.store.watch.add("mine", BTC_1M, "ann", MONDAY);

    const refused = importFrom(file("full.jsonl"), road);

    await expect(refused).rejects.toThrow(/^this database is not empty: there are rows in hub\./);
    expect(await road.opened.store.watch.active()).toHaveLength(1);
    await expect(refuseUnfinishedImport(road.opened.store.database)).resolves.toBeUndefined();
  });

  test("is refused when the schema is another one", async () => {
    reseal(file("full.jsonl"), file("older.jsonl"), (lines) => {
      const head = JSON.parse(lines[0] ?? "") as object;
      return [JSON.stringify({ ...head, schemaVersion: "20250101000000" }), ...lines.slice(1)];
    });

    const refused = importFrom(file("older.jsonl"), road);

    await expect(refused).rejects.toThrow(
      /^the export has schema 20250101000000 and this database has \d{14}$/,
    );
  });

  test("is refused while a hub works on the database", async () => {
    await withRunningHub(road, async () => {
      const refused = importFrom(file("full.jsonl"), road);

      await expect(refused).rejects.toThrow("a hub (hub-7) runs on this database: stop it first");
    });
  });

  test("that breaks off keeps hubs away, and another one starts anew", async () => {
    reseal(file("full.jsonl"), file("broken.jsonl"), (lines) => {
      const at = lines.findIndex((line) => line.includes('"table":"hub.signals"')) + 1;
      const wrong = (lines[at] ?? "").replace('"buy"', '"bought"');
      return [...lines.slice(0, at), wrong, ...lines.slice(at + 1)];
    });

    const broken = importFrom(file("broken.jsonl"), road);

    await expect(broken).rejects.toThrow(/^the import did not end, run it again: .*side_check/);
    const starting = refuseUnfinishedImport(road.opened.store.database);
    await expect(starting).rejects.toThrow(/^an import into this database has not ended/);
    await expect(rowsIn(road)).rejects.toThrow(/^an import into this database has not ended/);
    await importFrom(file("full.jsonl"), road);
    await expect(refuseUnfinishedImport(road.opened.store.database)).resolves.toBeUndefined();
    expect(await rowsIn(road)).toBe(await rowsIn(source));
  });

  test("gives way to one that began later", async () => {
    const { database } = road.opened.store;
    const { head } = await checkExport(file("full.jsonl"));
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    const begin = (id: string) =>
      database.call("hub_import_begin", { p_import: id, p_version: head.schemaVersion });

    expect(await begin(first)).toBe(true);
    expect(await begin(first)).toBe(false);
    expect(await begin(second)).toBe(true);

    const args = { p_import: first, p_table: "hub.halts", p_columns: [], p_rows: [] };
    await expect(database.call("hub_import", args)).rejects.toMatchObject({
      reason: "import-superseded",
    });
    const end = { p_import: first, p_last: {} };
    await expect(database.call("hub_import_end", end)).rejects.toMatchObject({
      reason: "import-superseded",
    });
    expect(await database.call("hub_import_end", { ...end, p_import: second })).toBe(true);
    expect(await database.call("hub_import_end", { ...end, p_import: second })).toBe(false);
  });

  test("takes no table and no column that is not the hub's", async () => {
    const { database } = road.opened.store;
    const { head } = await checkExport(file("full.jsonl"));
    const id = crypto.randomUUID();
    await database.call("hub_import_begin", { p_import: id, p_version: head.schemaVersion });
    const take = (p_table: string, p_columns: string[], row: unknown[]) =>
      database.call("hub_import", { p_import: id, p_table, p_columns, p_rows: [row] });

    for (const name of ["pg_catalog.pg_authid", "hub.facts; drop schema hub", "public.users", ""]) {
      const refused = { fault: "refused", reason: "unknown-table" };
      await expect(take(name, ["name"], ["x"])).rejects.toMatchObject(refused);
      await expect(database.call("hub_export", { p_table: name })).rejects.toMatchObject(refused);
    }
    const other = take("hub.facts", ["name", "noted_at) values (1); --"], ["x", "y"]);
    await expect(other).rejects.toMatchObject({ reason: "columns-differ" });
    await database.call("hub_import_end", { p_import: id, p_last: {} });
  });
});

test("a hub that runs the embedded database keeps imports away", async () => {
  const checked = await checkExport(file("full.jsonl"));

  const refused = importStore({ ...source.opened, isJoined: true }, checked);

  await expect(refused).rejects.toThrow("a hub runs on this database: stop it first");
});

describe("an export through the REST face", { timeout: 60_000 }, () => {
  test.each([
    [
      "a row was added",
      `select public.hub_halt('{"kind":"global"}', 'flatten', 'operator', 'ann', 'x', 0)`,
    ],
    ["a row was changed", `select public.hub_resume('{"kind":"global"}', 'ann', 1)`],
    ["a row was taken away", "delete from hub.halts"],
    ["a month of candles was made", "select public.hub_candle_partitions(0, 0, 1::smallint)"],
  ])("is refused, and leaves no file, when %s meanwhile", async (_what, change) => {
    const call = rest.opened.store.database.call.bind(rest.opened.store.database);
    let changed = false;
    const database = {
      ...rest.opened.store.database,
      call: async (fn: string, args: { readonly [name: string]: unknown }) => {
        if (fn === "hub_export" && !changed) {
          changed = true;
          await sql(rest.place, change);
        }
        return call(fn, args);
      },
    };
    const opened = { ...rest.opened, store: { ...rest.opened.store, database } };

    const refused = exportLines({ opened }, file("moving.jsonl"));

    await expect(refused).rejects.toThrow(
      "the database changed during the export: stop the hub first",
    );
    await expect(checkExport(file("moving.jsonl"))).rejects.toThrow(/ENOENT/);
    await expect(checkExport(file("moving.jsonl.partial"))).rejects.toThrow(/ENOENT/);
  });
});
