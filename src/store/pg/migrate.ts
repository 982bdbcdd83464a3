import pg from "pg";
import { StartRefusal } from "../../config/refusal.ts";
import { messageOf } from "../../runtime/errors.ts";
import { connect, type Place } from "./connection.ts";
import { refuseOldServer } from "./database.ts";
import { type Migration, OWN_PREFIX, readMigrations } from "./migration-files.ts";
import { readFailure } from "./read-failure.ts";

/** Any number, the same for every hub: who holds it may change the schema. */
const MIGRATION_LOCK = 4_711;

/**
 * Brings a database up to date; answers the versions applied. Each file is one transaction, noted
 * in the table of the Supabase CLI. Many may start at once: each file is applied once.
 * @throws StartRefusal when the database is newer than the files, or a file fails.
 * @throws StoreFailure when the database cannot be reached.
 */
export async function migrate(place: Place, dir: string): Promise<readonly string[]> {
  const migrations = await readMigrations(dir);
  let client: pg.Client | undefined;
  try {
    client = await connect(place);
    await refuseOldServer(client);
    return await bringUp(client, migrations);
  } catch (thrown) {
    throw thrown instanceof StartRefusal ? thrown : readFailure("migrate", thrown);
  } finally {
    await client?.end().catch(() => {});
  }
}

async function bringUp(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  await locked(client, () =>
    client.query(`
      create schema if not exists supabase_migrations;
      create table if not exists supabase_migrations.schema_migrations (
        version text primary key, statements text[], name text)`),
  );
  refuseNewer(await notedMigrations(client), migrations);
  const applied: string[] = [];
  for (const migration of migrations) {
    await locked(client, async () => {
      if ((await notedMigrations(client)).has(migration.version)) return; // another starter was first
      await apply(client, migration);
      applied.push(migration.version);
    });
  }
  return applied;
}

/** The lock comes before the first CREATE: twenty starters on an empty database would collide. */
async function locked(client: pg.Client, work: () => Promise<unknown>): Promise<void> {
  await client.query("begin");
  try {
    await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await work();
    await client.query("commit");
  } catch (thrown) {
    await client.query("rollback").catch(() => {});
    throw thrown;
  }
}

/** Version and name of what was applied to a database that keeps notes. */
export async function notedMigrations(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ version: string; name: string | null }>(
    "select version, name from supabase_migrations.schema_migrations",
  );
  return new Map(rows.map(({ version, name }) => [version, name ?? ""]));
}

function refuseNewer(present: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map(({ version }) => version));
  const foreign = [...present].filter(
    ([version, name]) => name.startsWith(OWN_PREFIX) && !known.has(version),
  );
  if (foreign.length === 0) return;
  const versions = foreign.map(([version]) => version).join(", ");
  throw new StartRefusal(`the database is newer than this hub: it has migrations ${versions}`);
}

async function apply(client: pg.Client, { version, name, sql }: Migration): Promise<void> {
  try {
    await client.query(sql); // whole file, simple protocol: nothing has to split it
  } catch (thrown) {
    if (!(thrown instanceof pg.DatabaseError)) throw thrown;
    throw new StartRefusal(`migration ${version}_${name} failed: ${messageOf(thrown)}`, thrown);
  }
  await client.query(
    "insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, $2, $3)",
    [version, [sql], name],
  );
}
