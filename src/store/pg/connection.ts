import pg from "pg";
import { StartRefusal } from "../../config/refusal.ts";

/** Where a PostgreSQL is: a connection string, or the socket folder of the embedded one. */
export type Place = { readonly url: string } | { readonly socketDir: string };

/** The transaction pooler of Supabase: no prepared statements, no session, no advisory locks. */
const TRANSACTION_POOLER_PORT = "6543";

/** Connecting takes milliseconds near by and seconds through a waking pooler. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * What `pg` needs to connect. Everything is set, since `pg` fills what is left out from the
 * environment of the process.
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
  checkUrl(place.url);
  return { ...common, connectionString: place.url };
}

function checkUrl(text: string): void {
  // The error of URL holds its input: it must not travel as a cause.
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    throw new StartRefusal(
      "DATABASE_URL is not a URL of the form postgresql://user@host:5432/name",
    );
  }
  if (new URL(text).port === TRANSACTION_POOLER_PORT) {
    throw new StartRefusal(
      "DATABASE_URL names the transaction pooler (port 6543), which keeps no sessions: use the session pooler (port 5432) or a direct connection",
    );
  }
}

/** Opens one connection. A connection that breaks later must not end the process. */
export async function connect(place: Place): Promise<pg.Client> {
  const client = new pg.Client(connectionSettings(place));
  client.on("error", () => {});
  await client.connect();
  return client;
}

export function openPool(place: Place, max: number, onLost: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({ ...connectionSettings(place), max, idleTimeoutMillis: 60_000 });
  pool.on("error", onLost);
  pool.on("connect", (client) => {
    client.on("error", () => {}); // the query that waits on it is told; this is only the echo
  });
  return pool;
}
