import type pg from "pg";
import { StartRefusal } from "../../config/refusal.ts";
import { machineClock } from "../../runtime/clock.ts";
import { FailureError } from "../../runtime/errors.ts";
import { withLimit } from "../../runtime/limit.ts";
import { StoreFailure } from "../errors.ts";
import { type Health, HealthNote } from "../health.ts";
import type { Database, PoolFigures } from "../port.ts";
import { connect, openPool, type Place } from "./connection.ts";
import { readFailure } from "./read-failure.ts";
import {
  type CallStatement,
  callStatement,
  SIGNATURES_SQL,
  type Signature,
  type Signatures,
  signaturesFrom,
} from "./signature.ts";

/** The functions and their speed were measured on 15 and on 18; nothing older was ever tried. */
const OLDEST_SERVER = 15;

/** A call of the hub takes milliseconds; one that takes this long is stuck. */
const DEFAULT_CALL_TIMEOUT_MS = 10_000;

/** The server ends a late call itself; when it does not answer even then, the connection is dropped. */
const GRACE_MS = 2_000;

/** Calls under way are waited for, but not a server that hangs. */
const FAREWELL_LIMIT_MS = 5_000;

/** Few: the hub's calls are short, and every connection is a process of the server. */
const POOL_SIZE = 8;

/**
 * Connects to a migrated database.
 * @throws StartRefusal for a server that is too old or a URL that cannot work.
 * @throws StoreFailure when it cannot be reached.
 */
export async function openPgDatabase(place: Place): Promise<Database> {
  let client: pg.Client | undefined;
  try {
    client = await connect(place);
    await refuseOldServer(client);
    const { rows } = await client.query<Signature>(SIGNATURES_SQL);
    return new PgDatabase(place, signaturesFrom(rows));
  } catch (thrown) {
    throw thrown instanceof StartRefusal ? thrown : readFailure("connect", thrown);
  } finally {
    await client?.end().catch(() => {});
  }
}

/** @throws StartRefusal below version 15. */
export async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  const version = rows[0]?.server_version ?? "0";
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    throw new StartRefusal(
      `the database is PostgreSQL ${version}: the hub needs ${OLDEST_SERVER} or newer`,
    );
  }
}

/**
 * Calls functions over a pool of connections. A connection that was lost is replaced by the next
 * call; a call that was cut off is never repeated here, since it may have happened.
 */
class PgDatabase implements Database {
  readonly #signatures: Signatures;
  readonly #pool: pg.Pool;
  readonly #note = new HealthNote();
  /** The time limit that each connection's session has now, ms. */
  readonly #limits = new WeakMap<pg.PoolClient, number>();

  constructor(place: Place, signatures: Signatures) {
    this.#signatures = signatures;
    this.#pool = openPool(place, POOL_SIZE, (error) =>
      this.#note.failed(readFailure("connection", error)),
    );
  }

  async call(
    fn: string,
    args: { readonly [name: string]: unknown },
    options: { timeoutMs?: number } = {},
  ): Promise<unknown> {
    const signature = this.#signatures.get(fn);
    if (signature === undefined) {
      throw new StoreFailure("refused", "42883", `${fn}: the database has no such function`);
    }
    try {
      const statement = callStatement(signature, args);
      const result = await this.#run(statement, options.timeoutMs ?? DEFAULT_CALL_TIMEOUT_MS);
      this.#note.reached();
      return result;
    } catch (thrown) {
      const failure = readFailure(fn, thrown);
      this.#note.failed(failure);
      throw failure;
    }
  }

  health(): Health {
    return this.#note.health;
  }

  readonly pool = (): PoolFigures => {
    const { idleCount: idle, totalCount, waitingCount: waiting } = this.#pool;
    return { idle, busy: totalCount - idle, waiting };
  };

  async close(): Promise<void> {
    if (this.#pool.ended) return;
    const ending = withLimit(machineClock, FAREWELL_LIMIT_MS, "closing", this.#pool.end());
    // A server that hangs says no farewell; its connections end with the process.
    await ending.catch((thrown: unknown) => {
      if (!(thrown instanceof FailureError)) throw thrown;
    });
  }

  async #run(statement: CallStatement, timeoutMs: number): Promise<unknown> {
    const client = await this.#pool.connect();
    const query_timeout = timeoutMs + GRACE_MS;
    let broken = true;
    try {
      if (this.#limits.get(client) !== timeoutMs) {
        // On the session, after connecting: poolers may refuse it as a start-up parameter.
        const text = `set statement_timeout = ${Math.max(1, Math.ceil(timeoutMs))}`;
        await client.query(limited({ text, values: [] }, query_timeout));
        this.#limits.set(client, timeoutMs);
      }
      const { rows } = await client.query<{ result: unknown }>(limited(statement, query_timeout));
      broken = false;
      return rows[0]?.result;
    } catch (thrown) {
      broken = !isAnswer(thrown);
      throw thrown;
    } finally {
      client.release(broken);
    }
  }
}

/** The driver knows a time limit of its own for each query; its types do not. */
function limited(query: Omit<CallStatement, "name">, query_timeout: number): pg.QueryConfig {
  const config = { ...query, values: [...query.values], query_timeout };
  return config;
}

/** The server answered and the session goes on; anything else leaves the connection in doubt. */
function isAnswer(thrown: unknown): boolean {
  return thrown instanceof Error && "severity" in thrown && thrown.severity === "ERROR";
}
