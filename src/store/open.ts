import { StartRefusal } from "../config/refusal.ts";
import { type Clock, machineClock } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import { createStore } from "./create-store.ts";
import { type EmbeddedServer, startEmbedded } from "./embedded/server.ts";
import { type ObservedCall, observed } from "./observed.ts";
import type { Place } from "./pg/connection.ts";
import { openPgDatabase } from "./pg/database.ts";
import { migrate } from "./pg/migrate.ts";
import { readMigrations } from "./pg/migration-files.ts";
import type { Database, Store } from "./port.ts";
import { splitDatabase } from "./split.ts";
import { openSupabaseDatabase } from "./supabase/database.ts";

/** The way to the database that the settings chose. */
type Road = "embedded" | "postgres" | "supabase";

export interface StoreOptions {
  /** Holds the embedded database; unused on the other roads. */
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
  readonly supabaseUrl?: string | undefined;
  readonly supabaseKey?: string | undefined;
  readonly migrationsDir: string;
  /** Told of what people should know: versions applied, a database that fell over and came back. */
  readonly log: (line: string) => void;
  /** Settings of the embedded server, for tests that need no durability. */
  readonly embeddedSettings?: Readonly<Record<string, string>> | undefined;
  readonly clock?: Clock;
  /** Told of every call, for metrics. */
  readonly onCall?: ((call: ObservedCall) => void) | undefined;
}

export interface OpenStore {
  readonly store: Store;
  readonly road: Road;
  /** Closes the connections, then stops what was started. */
  stop(): Promise<void>;
}

/** Waits between attempts to bring a fallen database back, ms; the last one repeats. */
const RESTART_WAITS_MS = [100, 500, 2_000, 10_000, 30_000];

/**
 * Opens the store on the road that the settings name, brought up to date.
 * @throws StartRefusal with one line for the user. @throws StoreFailure when it cannot be reached.
 */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const { supabaseUrl, supabaseKey, databaseUrl } = options;
  if (supabaseUrl !== undefined && supabaseKey !== undefined) {
    return openSupabase(options, supabaseUrl, supabaseKey);
  }
  if (supabaseUrl !== undefined || supabaseKey !== undefined) {
    throw new StartRefusal("SUPABASE_URL and SUPABASE_KEY belong together: one of them is missing");
  }
  return databaseUrl === undefined ? openEmbedded(options) : openPostgres(options, databaseUrl);
}

function storeOn(database: Database, { clock = machineClock, onCall }: StoreOptions): Store {
  return createStore(onCall === undefined ? database : observed(database, clock, onCall));
}

async function openEmbedded(options: StoreOptions): Promise<OpenStore> {
  let stopped = false;
  const settings = options.embeddedSettings ?? {};
  const onExit = (code: number | null): void => {
    options.log(`the embedded PostgreSQL ended by itself (code ${code}); it is started again`);
    void bringBack(server, options, () => stopped);
  };
  const server = await startEmbedded({ dataDir: options.dataDir, settings, onExit });
  try {
    const database = await openMigrated({ socketDir: server.socketDir }, options);
    const stop = async (): Promise<void> => {
      stopped = true;
      await database.close();
      await server.stop();
    };
    return { store: storeOn(database, options), road: "embedded", stop };
  } catch (thrown) {
    stopped = true;
    await server.stop();
    throw thrown;
  }
}

/** Calls fail as `offline` meanwhile; the pool connects again by itself. */
async function bringBack(
  server: EmbeddedServer,
  { log, clock = machineClock }: StoreOptions,
  stopped: () => boolean,
): Promise<void> {
  for (let attempt = 0; !stopped(); attempt += 1) {
    await clock.sleep(RESTART_WAITS_MS[attempt] ?? RESTART_WAITS_MS.at(-1) ?? 0);
    if (stopped()) return;
    try {
      await server.restart();
      log("the embedded PostgreSQL is back");
      return;
    } catch (thrown) {
      log(messageOf(thrown));
    }
  }
}

async function openPostgres(options: StoreOptions, url: string): Promise<OpenStore> {
  const database = await openMigrated({ url }, options);
  return { store: storeOn(database, options), road: "postgres", stop: () => database.close() };
}

async function openMigrated(place: Place, { migrationsDir, log }: StoreOptions): Promise<Database> {
  const applied = await migrate(place, migrationsDir);
  if (applied.length > 0) log(`migrations applied: ${applied.join(", ")}`);
  return openPgDatabase(place);
}

async function openSupabase(options: StoreOptions, url: string, key: string): Promise<OpenStore> {
  const rpc = openSupabaseDatabase({ url, key });
  try {
    const direct =
      options.databaseUrl === undefined
        ? undefined
        : await openMigrated({ url: options.databaseUrl }, options);
    if (direct === undefined) await refuseOutdated(rpc, options.migrationsDir);
    const database = direct === undefined ? rpc : splitDatabase(rpc, direct);
    return { store: storeOn(database, options), road: "supabase", stop: () => database.close() };
  } catch (thrown) {
    await rpc.close();
    throw thrown;
  }
}

/** Nothing can be migrated through the REST face: it can only be told how far the database is. */
async function refuseOutdated(database: Database, migrationsDir: string): Promise<void> {
  const wanted = (await readMigrations(migrationsDir)).at(-1)?.version;
  const present = await database.call("hub_version", {}).catch((thrown: unknown) => {
    if (isMissingFunction(thrown)) return null;
    throw thrown;
  });
  if (present === wanted) return;
  throw new StartRefusal(
    `the Supabase project has schema ${typeof present === "string" ? present : "none"} and this hub needs ${wanted}: run \`supabase db push\`, or set DATABASE_URL`,
  );
}

function isMissingFunction(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    "reason" in thrown &&
    (thrown.reason === "PGRST202" || thrown.reason === "42883")
  );
}
