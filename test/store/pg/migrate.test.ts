import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, startEmbedded } from "../../../src/store/embedded/server.ts";
import { migrate } from "../../../src/store/pg/migrate.ts";
import { sql as sqlOn } from "../../kit/sql.ts";
import { emptyDataDir, FAST, MIGRATIONS_DIR } from "../../kit/store.ts";
import { grantPromises } from "../contract/grants.ts";
import { dumpSchema, GOLDEN_SCHEMA } from "./dump-schema.ts";

let server: EmbeddedServer;
const dataDir = emptyDataDir();

const sql = (text: string) => sqlOn(server, text);

beforeAll(async () => {
  server = await startEmbedded({ dataDir, settings: FAST });
});

afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("migrations", () => {
  test("are applied once each, however many hubs start at the same time", async () => {
    const started = Array.from({ length: 20 }, () => migrate(server, MIGRATIONS_DIR));

    const applied = (await Promise.all(started)).flat();

    expect(new Set(applied).size).toBe(applied.length);
    const noted = await sql("select version from supabase_migrations.schema_migrations order by 1");
    expect(noted.map(({ version }) => version)).toEqual(applied.toSorted());
  });

  test("change nothing the second time", async () => {
    expect(await migrate(server, MIGRATIONS_DIR)).toEqual([]);
  });

  grantPromises(() => server);

  test("give the schema that was reviewed", async () => {
    const schema = await dumpSchema(server);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(GOLDEN_SCHEMA, schema);

    expect(schema).toBe(readFileSync(GOLDEN_SCHEMA, "utf8"));
  });

  test("refuse a database that is newer, but not one shared with others", async () => {
    const note = (name: string) =>
      sql(`insert into supabase_migrations.schema_migrations (version, name)
        values ('29990101000000', '${name}')`);
    await note("somebody_elses");
    expect(await migrate(server, MIGRATIONS_DIR)).toEqual([]);
    await sql("delete from supabase_migrations.schema_migrations where version like '2999%'");

    await note("hub_leases");

    const late = migrate(server, MIGRATIONS_DIR);
    await expect(late).rejects.toThrow(/^the database is newer than this hub: .*29990101000000$/);
    await sql("delete from supabase_migrations.schema_migrations where version like '2999%'");
  });

  test("name the file that failed, and leave nothing of it", async () => {
    const dir = mkdtempSync(join(tmpdir(), "hub-migrations-"));
    cpSync(MIGRATIONS_DIR, dir, { recursive: true });
    const broken = "create table hub.half (id int); select nonsense;";
    writeFileSync(join(dir, "29990101000000_hub_broken.sql"), broken);

    const failed = migrate(server, dir);

    await expect(failed).rejects.toThrow(/^migration 29990101000000_hub_broken failed: /);
    expect(await sql("select to_regclass('hub.half') as half")).toEqual([{ half: null }]);
    rmSync(dir, { recursive: true });
  });
});
