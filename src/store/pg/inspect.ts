import type pg from "pg";
import { StartRefusal } from "../../config/refusal.ts";
import { connect, type Place } from "./connection.ts";
import { notedMigrations } from "./migrate.ts";
import { readFailure } from "./read-failure.ts";

/** What a PostgreSQL says of itself, whatever schema it has. */
export interface Inspected {
  readonly server: string;
  readonly bytes: number;
  /** Version and name of every migration that was applied, others' included. */
  readonly applied: ReadonlyMap<string, string>;
  /** What `hub_database` answers; null where the schema has no such function yet. */
  readonly said: unknown;
}

/** Looks at a database by plain SQL. @throws StoreFailure when it cannot be reached. */
export async function inspect(place: Place): Promise<Inspected> {
  let client: pg.Client | undefined;
  try {
    client = await connect(place);
    const { rows } = await client.query<{
      server: string;
      bytes: string;
      noted: boolean;
      told: boolean;
    }>(`
      select current_setting('server_version') as server, pg_database_size(current_database()) as bytes,
        to_regclass('supabase_migrations.schema_migrations') is not null as noted,
        to_regprocedure('public.hub_database()') is not null as told`);
    const [row] = rows;
    const applied = row?.noted === true ? await notedMigrations(client) : new Map<string, string>();
    const said = row?.told === true ? await ask(client) : null;
    return { server: row?.server ?? "", bytes: Number(row?.bytes), applied, said };
  } catch (thrown) {
    throw thrown instanceof StartRefusal ? thrown : readFailure("connect", thrown);
  } finally {
    await client?.end().catch(() => {});
  }
}

async function ask(client: pg.Client): Promise<unknown> {
  const { rows } = await client.query<{ said: unknown }>("select public.hub_database() as said");
  return rows[0]?.said;
}
