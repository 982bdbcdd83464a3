import { loadSettings } from "../config/load.ts";
import type { Secret } from "../runtime/secret.ts";
import { StoreFailure } from "../store/errors.ts";
import { joinStore, type OpenStore, type StoreOptions } from "../store/open.ts";
import { type Reached, reachDatabase } from "../store/reach.ts";
import { migrationsDir } from "../system/package-root.ts";
import { findSecret } from "../vault/broker/source.ts";
import { CliRefusal } from "./refusal.ts";
import type { Session } from "./session.ts";
import { noteInLedger, withVaultClient } from "./vault.ts";

/**
 * Opens the database that the settings name, beside a hub that runs on it or without one, and
 * closes it after the work.
 * @throws CliRefusal when it cannot be reached; StartRefusal when it cannot be used.
 */
export async function withDatabase<T>(
  session: Session,
  work: (opened: OpenStore) => Promise<T>,
): Promise<T> {
  return closing(async () => joinStore(await optionsOf(session)), work);
}

/** Finds that database as it is, migrated or not. @throws as {@link withDatabase} does. */
export async function withReached<T>(
  session: Session,
  { create }: { readonly create: boolean },
  work: (reached: Reached) => Promise<T>,
): Promise<T> {
  return closing(async () => reachDatabase({ ...(await optionsOf(session)), create }), work);
}

async function optionsOf(session: Session): Promise<StoreOptions> {
  const { world } = session;
  const { settings } = loadSettings(world.environment);
  const { dataDir, databaseUrl, supabaseUrl } = settings;
  const isKeyWanted = supabaseUrl !== undefined && settings.supabaseKey === undefined;
  const supabaseKey = isKeyWanted ? await keyInVault(session) : settings.supabaseKey;
  const log = (line: string): void => world.complain(line);
  return { dataDir, databaseUrl, supabaseUrl, supabaseKey, migrationsDir, log };
}

/** The key of the store, as the vault has it. @throws CliRefusal when it has none. */
async function keyInVault(session: Session): Promise<Secret> {
  await noteInLedger(session, { event: "note", secret: "store", purpose: "open" });
  const { secrets: environment } = session.world.environment;
  const found = await withVaultClient(session, (vault) =>
    findSecret({ vault, environment }, "store"),
  );
  const key = found !== undefined && "parts" in found ? found.parts["key"] : undefined;
  if (key !== undefined) return key;
  const why =
    found !== undefined && "unavailable" in found
      ? found.unavailable
      : "the vault has no credential SUPABASE_KEY";
  throw new CliRefusal(`setting SUPABASE_URL: needs its key, and ${why}`);
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
