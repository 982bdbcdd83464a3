import { loadSettings } from "../config/load.ts";
import { StoreFailure } from "../store/errors.ts";
import { joinStore, type OpenStore, type StoreOptions } from "../store/open.ts";
import { type Reached, reachDatabase } from "../store/reach.ts";
import { migrationsDir } from "../system/package-root.ts";
import { CliRefusal } from "./refusal.ts";
import type { Session } from "./session.ts";

/**
 * Opens the database that the settings name, beside a hub that runs on it or without one, and
 * closes it after the work.
 * @throws CliRefusal when it cannot be reached; StartRefusal when it cannot be used.
 */
export async function withDatabase<T>(
  session: Session,
  work: (opened: OpenStore) => Promise<T>,
): Promise<T> {
  return closing(() => joinStore(optionsOf(session)), work);
}

/** Finds that database as it is, migrated or not. @throws as {@link withDatabase} does. */
export async function withReached<T>(
  session: Session,
  { create }: { readonly create: boolean },
  work: (reached: Reached) => Promise<T>,
): Promise<T> {
  return closing(() => reachDatabase({ ...optionsOf(session), create }), work);
}

function optionsOf({ world }: Session): StoreOptions {
  const { settings } = loadSettings(world.environment);
  const { dataDir, databaseUrl, supabaseUrl, supabaseKey } = settings;
  const log = (line: string): void => world.complain(line);
  return { dataDir, databaseUrl, supabaseUrl, supabaseKey, migrationsDir, log };
}

async function closing<Opened extends { stop(): Promise<void> }, T>(
  open: () => Promise<Opened>,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  try {
    const opened = await open();
    try {
      return await work(opened);
    } finally {
      await opened.stop();
    }
  } catch (error) {
    if (error instanceof StoreFailure) throw new CliRefusal(`the database: ${error.message}`);
    throw error;
  }
}
