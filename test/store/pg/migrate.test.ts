import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, startEmbedded } from "../../../src/store/embedded/server.ts";
import { connect } from "../../../src/store/pg/connection.ts";
import { migrate } from "../../../src/store/pg/migrate.ts";
import { emptyDataDir, FAST, MIGRATIONS_DIR } from "../../kit/store.ts";
import { dumpSchema } from "./dump-schema.ts";

const GOLDEN = fileURLToPath(new URL("../../golden/schema.sql", import.meta.url));

let server: EmbeddedServer;
const dataDir = emptyDataDir();

const sql = async (text: string): Promise<Record<string, unknown>[]> => {
  const client = await connect(server);
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

beforeAll(async () => {
  server = await startEmbedded({ dataDir, settings: FAST });
});

afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("migrations", () => {
  test("keep what the original engine left behind", async () => {
    await sql(`
      create table public.fxshinobi_snapshots (snapshot_id text primary key default 'default',
        account_balance numeric, open_pnl numeric default 0, open_positions jsonb default '[]',
        risk_metrics jsonb default '{}', system_status text default 'UNKNOWN', state_machine_state text,
        kill_switch_active boolean default false, last_signal jsonb, trades_today integer default 0,
        pnl_today numeric default 0, updated_at timestamptz not null default now(),
        created_at timestamptz not null default now());
      create table public.fxshinobi_health (id uuid primary key default gen_random_uuid(),
        instance_id text not null, status text not null default 'healthy',
        timestamp timestamptz not null default now(), created_at timestamptz not null default now());
      insert into public.fxshinobi_snapshots (account_balance, system_status) values (12.5, 'RUNNING');
      insert into public.fxshinobi_health (instance_id) values ('old-engine')`);

    const started = Array.from({ length: 20 }, () => migrate(server, MIGRATIONS_DIR));
    const applied = (await Promise.all(started)).flat();

    expect(new Set(applied).size).toBe(applied.length);
    const noted = await sql("select version from supabase_migrations.schema_migrations order by 1");
    expect(noted.map(({ version }) => version)).toEqual(applied.toSorted());
    expect(await sql("select account_balance, system_status from fxshinobi_snapshots")).toEqual([
      { account_balance: "12.5", system_status: "RUNNING" },
    ]);
    expect(await sql("select instance_id from fxshinobi_health")).toEqual([
      { instance_id: "old-engine" },
    ]);
  });

  test("change nothing the second time", async () => {
    expect(await migrate(server, MIGRATIONS_DIR)).toEqual([]);
  });

  test("leave nothing to the public: no function, no table", async () => {
    const open = await sql(`
      select r.rolname || ' ' || p.proname as may from pg_proc p, pg_roles r
      where (p.pronamespace = 'hub'::regnamespace or p.proname like 'hub\\_%')
        and r.rolname in ('anon', 'authenticated') and has_function_privilege(r.oid, p.oid, 'execute')
      union all
      select r.rolname || ' ' || c.relname from pg_class c, pg_roles r
      where c.relnamespace = 'hub'::regnamespace and c.relkind in ('r', 'p')
        and r.rolname in ('anon', 'authenticated', 'service_role')
        and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete')
      union all
      select c.relname || ' has no row level security' from pg_class c
      where (c.relnamespace = 'hub'::regnamespace or c.relname like 'fxshinobi\\_%')
        and c.relkind in ('r', 'p') and not c.relrowsecurity`);
    const shut = await sql(`select p.proname from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.proname like 'hub\\_%'
        and (not has_function_privilege('service_role', p.oid, 'execute') or not p.prosecdef
          or not coalesce(array_to_string(p.proconfig, ' '), '') like '%search_path=pg_catalog%pg_temp%')`);

    expect(open).toEqual([]);
    expect(shut).toEqual([]);
  });

  test("give the schema that was reviewed", async () => {
    const schema = await dumpSchema(server);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(GOLDEN, schema);

    expect(schema).toBe(readFileSync(GOLDEN, "utf8"));
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
