import { StoreFailure } from "./errors.ts";
import { inspect } from "./pg/inspect.ts";
import { OWN_PREFIX, readMigrations } from "./pg/migration-files.ts";
import type { Database } from "./port.ts";
import type { Reached } from "./reach.ts";
import { flagOf, numberIn, type Row, rowOf, textIn } from "./repositories/parse.ts";

/** How a database is, seen before anybody works on it. Null stands for what it cannot say. */
export interface Condition {
  readonly server: string | null;
  readonly bytes: number | null;
  /** The newest of the hub's migrations that it has; null before the first. */
  readonly schema: string | null;
  /** The newest that this hub knows. */
  readonly wanted: string;
  /** Migrations still to be applied. */
  readonly pending: readonly string[];
  /** Migrations of a newer hub. */
  readonly newer: readonly string[];
  /** The hub that works on it, as people know it. */
  readonly usedBy: string | null;
  readonly isHalfImported: boolean;
}

/** Looks at a database and changes nothing. @throws StoreFailure when it cannot be reached. */
export async function conditionOf(reached: Reached, migrationsDir: string): Promise<Condition> {
  const known = (await readMigrations(migrationsDir)).map(({ version }) => version);
  const { server, bytes, versions, said } = await look(reached);
  const schema = versions.toSorted().at(-1) ?? null;
  const isListed = reached.place !== undefined;
  // A REST face tells the newest version alone; whatever is older is there as well.
  const isThere = (version: string): boolean =>
    isListed ? versions.includes(version) : schema !== null && version <= schema;
  const joined = reached.isJoined ? "a hub, or another command" : null;
  return {
    server,
    bytes,
    schema,
    wanted: known.at(-1) ?? "",
    pending: known.filter((version) => !isThere(version)),
    newer: versions.filter((version) => !known.includes(version)),
    usedBy: typeof said?.["usedBy"] === "string" ? said["usedBy"] : joined,
    isHalfImported: said !== null && flagOf(said["importing"]),
  };
}

interface Seen {
  readonly server: string | null;
  readonly bytes: number | null;
  /** Of the hub's own migrations. */
  readonly versions: readonly string[];
  readonly said: Row | null;
}

async function look({ place, rest }: Reached): Promise<Seen> {
  if (place !== undefined) {
    const { server, bytes, applied, said } = await inspect(place);
    const own = [...applied].filter(([, name]) => name.startsWith(OWN_PREFIX));
    const versions = own.map(([version]) => version);
    return { server, bytes, versions, said: said === null ? null : rowOf(said) };
  }
  if (rest === undefined) return { server: null, bytes: null, versions: [], said: null };
  const version = await unlessMissing(rest, "hub_version");
  const versions = typeof version === "string" ? [version] : [];
  const answer = await unlessMissing(rest, "hub_database");
  if (answer === null) return { server: null, bytes: null, versions, said: null };
  const said = rowOf(answer);
  return { server: textIn(said, "server"), bytes: numberIn(said, "bytes"), versions, said };
}

/** Null where the database has no such function. */
async function unlessMissing(database: Database, fn: string): Promise<unknown> {
  try {
    return await database.call(fn, {});
  } catch (thrown) {
    const isMissing =
      thrown instanceof StoreFailure && (thrown.reason === "PGRST202" || thrown.reason === "42883");
    if (isMissing) return null;
    throw thrown;
  }
}
