import pg from "pg";
import { StartRefusal } from "../../config/refusal.ts";
import { messageOf } from "../../runtime/errors.ts";

/** Where a PostgreSQL is: a connection string, or the socket folder of the embedded one. */
export type Place = { readonly url: string } | { readonly socketDir: string };

/** The transaction pooler of Supabase: no prepared statements, no session, no advisory locks. */
const TRANSACTION_POOLER_PORT = 6543;

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
  return { ...common, connectionString: checkedUrl(place.url) };
}

const FORM =
  "DATABASE_URL is not of the form postgresql://user:password@host:5432/name (write special characters of the password as %40 and the like)";

/**
 * A URL that `pg` reads as its writer meant it. No part of it appears in a refusal, nor does the
 * error of whoever could not read it: one part is a password.
 */
function checkedUrl(text: string): string {
  // An @ behind the host means that a password with / ? or # in it was taken for the host's end.
  if (!/^postgres(ql)?:\/\/[^/?#]*([/?][^@#]*)?$/.test(text)) throw new StartRefusal(FORM);
  // These words mean verify-full to `pg`, which prints five lines of warning at each.
  const url = text.includes("uselibpqcompat=true")
    ? text
    : text.replace(/([?&]sslmode=)(prefer|require|verify-ca)\b/, "$1verify-full");
  if (portOf(url) === TRANSACTION_POOLER_PORT) {
    throw new StartRefusal(
      "DATABASE_URL names the transaction pooler (port 6543), which keeps no sessions: use the session pooler (port 5432) or a direct connection",
    );
  }
  return url;
}

/** As `pg` will read it: the port may stand behind the host or among the parameters. */
function portOf(url: string): number {
  try {
    return new pg.Client({ connectionString: url }).port;
  } catch (thrown) {
    const isFile = thrown instanceof Error && "syscall" in thrown; // a certificate named in the URL
    throw new StartRefusal(isFile ? `DATABASE_URL: ${messageOf(thrown)}` : FORM);
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
