import { StartRefusal } from "../config/refusal.ts";
import { type Clock, machineClock } from "../runtime/clock.ts";
import type { Secret } from "../runtime/secret.ts";
import { createStore } from "./create-store.ts";
import { explained } from "./embedded/explained.ts";
import { runningServer } from "./embedded/leftover.ts";
import { Revival } from "./embedded/revival.ts";
import { type ServerEnd, startEmbedded } from "./embedded/server.ts";
import { type ObservedCall, observed } from "./observed.ts";
import { opening } from "./opening.ts";
import type { Place } from "./pg/connection.ts";
import { openPgDatabase } from "./pg/database.ts";
import { migrate } from "./pg/migrate.ts";
import type { Database, Store } from "./port.ts";
import { openProject } from "./project.ts";
import { splitDatabase } from "./split.ts";

/** The way to the database that the settings chose. */
export type Road = "embedded" | "postgres" | "supabase";

export interface StoreOptions {
  /** Holds the embedded database; unused on the other roads. */
  readonly dataDir: string;
  readonly databaseUrl?: Secret | undefined;
  readonly supabaseUrl?: string | undefined;
  readonly supabaseKey?: Secret | undefined;
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
  /** The direct connection, where there is one: for what needs a session of its own. */
  readonly place: Place | undefined;
  /** True when a hub, or another command, runs the embedded database and this one came in beside it. */
  readonly isJoined?: boolean;
  /** Closes the connections, then stops what was started. */
  stop(): Promise<void>;
}

/**
 * Opens the store for a command that runs beside a hub or without one: the embedded database of a
 * running hub is joined over its socket, one that nobody runs is started for the command.
 * @throws as {@link openStore} does.
 */
export async function joinStore(options: StoreOptions): Promise<OpenStore> {
  const { dataDir, databaseUrl, supabaseUrl, supabaseKey } = options;
  const isEmbedded = [databaseUrl, supabaseUrl, supabaseKey].every((part) => part === undefined);
  const place = isEmbedded ? runningServer(dataDir) : undefined;
  if (place === undefined) return openStore(options);
  const database = await openPgDatabase(place);
  const stop = (): Promise<void> => database.close();
  return { store: storeOn(database, options), road: "embedded", place, isJoined: true, stop };
}

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
  const { dataDir, embeddedSettings: settings = {}, clock = machineClock, log } = options;
  const revival = new Revival(clock, log);
  const onExit = (end: ServerEnd): void => void revival.bringBack(server, end);
  const server = await startEmbedded({ dataDir, settings, onExit });
  try {
    const place = { socketDir: server.socketDir };
    const opened = await openMigrated(place, options);
    const database = explained(opened, () => revival.cause);
    const stop = async (): Promise<void> => {
      revival.stop();
      await database.close();
      await server.stop();
    };
    return { store: storeOn(database, options), road: "embedded", place, stop };
  } catch (thrown) {
    revival.stop();
    await server.stop();
    throw thrown;
  }
}

async function openPostgres(options: StoreOptions, url: Secret): Promise<OpenStore> {
  const place = { url };
  const database = await opening("DATABASE_URL", () => openMigrated(place, options));
  const stop = (): Promise<void> => database.close();
  return { store: storeOn(database, options), road: "postgres", place, stop };
}

async function openMigrated(place: Place, { migrationsDir, log }: StoreOptions): Promise<Database> {
  const applied = await migrate(place, migrationsDir);
  if (applied.length > 0) log(`migrations applied: ${applied.join(", ")}`);
  return openPgDatabase(place);
}

async function openSupabase(options: StoreOptions, url: string, key: Secret): Promise<OpenStore> {
  const { databaseUrl, migrationsDir, clock = machineClock } = options;
  const place = databaseUrl === undefined ? undefined : { url: databaseUrl };
  const direct = place && (await opening("DATABASE_URL", () => openMigrated(place, options)));
  try {
    const project = { url, key, migrationsDir, clock, direct };
    const rpc = await opening("SUPABASE_URL", () => openProject(project));
    const database = direct === undefined ? rpc : splitDatabase(rpc, direct);
    const stop = (): Promise<void> => database.close();
    return { store: storeOn(database, options), road: "supabase", place, stop };
  } catch (thrown) {
    await direct?.close();
    throw thrown;
  }
}
