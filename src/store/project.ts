import { StartRefusal } from "../config/refusal.ts";
import type { Clock } from "../runtime/clock.ts";
import { StoreFailure } from "./errors.ts";
import { readMigrations } from "./pg/migration-files.ts";
import type { Database } from "./port.ts";
import { openSupabaseDatabase, type SupabaseAccess } from "./supabase/database.ts";

/** PostgREST reads the schema again after a migration; until then it knows no new function. */
const SCHEMA_WAIT_MS = 15_000;
const SCHEMA_POLL_MS = 250;

export interface ProjectOptions extends SupabaseAccess {
  readonly migrationsDir: string;
  readonly clock: Clock;
  /** The direct connection to the same database, migrated, where there is one. */
  readonly direct: Database | undefined;
}

/**
 * Opens the REST face of a Supabase project, and makes sure that it is the hub's.
 * @throws StartRefusal when its schema is not this hub's, or the direct connection leads elsewhere.
 * @throws StoreFailure when it cannot be reached, or refuses the key.
 */
export async function openProject(options: ProjectOptions): Promise<Database> {
  const rpc = openSupabaseDatabase(options);
  try {
    if (options.direct === undefined) await refuseOutdated(rpc, options.migrationsDir);
    else await refuseAnother(rpc, options.direct, options.clock);
    return rpc;
  } catch (thrown) {
    await rpc.close();
    throw thrown;
  }
}

/** Nothing can be migrated through the REST face: it can only be told how far the database is. */
async function refuseOutdated(rpc: Database, migrationsDir: string): Promise<void> {
  const wanted = (await readMigrations(migrationsDir)).at(-1)?.version;
  const present = await unlessMissing(rpc.call("hub_version", {}));
  if (present === wanted) return;
  throw new StartRefusal(
    `the Supabase project has schema ${typeof present === "string" ? present : "none"} and this hub needs ${wanted}: run \`supabase db push\`, or set DATABASE_URL`,
  );
}

/** Candles of one database and orders of another would be a hub that lies to itself. */
async function refuseAnother(rpc: Database, direct: Database, clock: Clock): Promise<void> {
  const wanted = await direct.call("hub_identity", {});
  const until = clock.monotonicMs() + SCHEMA_WAIT_MS;
  let present = await unlessMissing(rpc.call("hub_identity", {}));
  while (present === null && clock.monotonicMs() < until) {
    await clock.sleep(SCHEMA_POLL_MS);
    present = await unlessMissing(rpc.call("hub_identity", {}));
  }
  if (present === wanted) return;
  throw new StartRefusal("SUPABASE_URL and DATABASE_URL lead to different databases");
}

/** Null where the database has no such function, or its REST face does not know it yet. */
function unlessMissing(call: Promise<unknown>): Promise<unknown> {
  return call.catch((thrown: unknown) => {
    const isMissing =
      thrown instanceof StoreFailure && (thrown.reason === "PGRST202" || thrown.reason === "42883");
    if (isMissing) return null;
    throw thrown;
  });
}
