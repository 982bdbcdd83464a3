import pg from "pg";
import type { Secret } from "../../runtime/secret.ts";
import { passwordOf, readDatabaseUrl } from "./database-url.ts";

/** Where a PostgreSQL is: a connection string, or the socket folder of the embedded one. */
export type Place = { readonly url: Secret } | { readonly socketDir: string };

/** Connecting takes milliseconds near by and seconds through a waking pooler. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * What `pg` needs to connect. Everything is set, since `pg` fills what is left out from the
 * environment of the process. The password is a function: it is asked for once a server wants it.
 * @throws StartRefusal for a string that is no PostgreSQL URL or names the transaction pooler.
 */
function connectionSettings(place: Place): pg.PoolConfig {
  const common: pg.PoolConfig = {
    application_name: "trading-hub",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
  if ("socketDir" in place) {
    const { socketDir } = place;
    const user = "postgres";
    return {
      ...common,
      host: socketDir,
      port: 5432,
      user,
      database: user,
      password: "",
      ssl: false,
    };
  }
  const password = passwordOf(place.url);
  const login = password && { password: () => password.use((text) => text) };
  return { ...common, ...readDatabaseUrl(place.url), ...login };
}

/** `pg` keeps the password it has shown; nobody asks for it again. */
function forgetPassword(client: pg.Client | pg.PoolClient): void {
  const keeper: { password?: unknown; connectionParameters?: { password?: unknown } } = client;
  keeper.password = null;
  if (keeper.connectionParameters !== undefined) keeper.connectionParameters.password = null;
}

/** Opens one connection. A connection that breaks later must not end the process. */
export async function connect(place: Place): Promise<pg.Client> {
  const client = new pg.Client(connectionSettings(place));
  client.on("error", () => {});
  await client.connect();
  forgetPassword(client);
  return client;
}

export function openPool(place: Place, max: number, onLost: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({ ...connectionSettings(place), max, idleTimeoutMillis: 60_000 });
  pool.on("error", onLost);
  pool.on("connect", (client) => {
    client.on("error", () => {}); // the query that waits on it is told; this is only the echo
    forgetPassword(client);
  });
  return pool;
}
