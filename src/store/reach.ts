import { existsSync } from "node:fs";
import { join } from "node:path";
import { StartRefusal } from "../config/refusal.ts";
import { runningServer } from "./embedded/leftover.ts";
import { startEmbedded } from "./embedded/server.ts";
import type { Road, StoreOptions } from "./open.ts";
import type { Place } from "./pg/connection.ts";
import type { Database } from "./port.ts";
import { openSupabaseDatabase } from "./supabase/database.ts";

/** A database as it is, migrated or not, and the ways to it. */
export interface Reached {
  readonly road: Road;
  /** The direct connection. With neither of the two there is no database yet. */
  readonly place?: Place;
  readonly rest?: Database;
  /** True when a hub, or another command, runs the embedded database. */
  readonly isJoined: boolean;
  stop(): Promise<void>;
}

type ReachOptions = Pick<
  StoreOptions,
  "dataDir" | "databaseUrl" | "supabaseUrl" | "supabaseKey" | "embeddedSettings"
> & {
  /** Whether an embedded database that is not there yet is made. */
  readonly create: boolean;
};

/**
 * Finds the database that the settings name and changes nothing in it.
 * @throws StartRefusal with one line for the user.
 */
export async function reachDatabase(options: ReachOptions): Promise<Reached> {
  const { databaseUrl, supabaseUrl: url, supabaseKey: key } = options;
  const direct = databaseUrl === undefined ? {} : { place: { url: databaseUrl } };
  if (url !== undefined && key !== undefined) {
    const rest = openSupabaseDatabase({ url, key });
    return { road: "supabase", rest, ...direct, isJoined: false, stop: () => rest.close() };
  }
  if (url !== undefined || key !== undefined) {
    throw new StartRefusal("SUPABASE_URL and SUPABASE_KEY belong together: one of them is missing");
  }
  if (databaseUrl === undefined) return reachEmbedded(options);
  return { road: "postgres", ...direct, isJoined: false, stop: async () => {} };
}

async function reachEmbedded(options: ReachOptions): Promise<Reached> {
  const { dataDir, create, embeddedSettings: settings = {} } = options;
  const road = "embedded";
  const running = runningServer(dataDir);
  if (running !== undefined) {
    return { road, place: running, isJoined: true, stop: async () => {} };
  }
  if (!create && !existsSync(join(dataDir, "postgres", "cluster"))) {
    return { road, isJoined: false, stop: async () => {} };
  }
  const server = await startEmbedded({ dataDir, settings });
  const place = { socketDir: server.socketDir };
  return { road, place, isJoined: false, stop: () => server.stop() };
}
