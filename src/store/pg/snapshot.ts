import type pg from "pg";
import { StartRefusal } from "../../config/refusal.ts";
import { StoreFailure } from "../errors.ts";
import type { Database } from "../port.ts";
import { connect, type Place } from "./connection.ts";
import { readFailure } from "./read-failure.ts";
import { callStatement, SIGNATURES_SQL, type Signature, signaturesFrom } from "./signature.ts";

/** A page of an export takes milliseconds; without a fitting index it takes seconds. */
const CALL_LIMIT_MS = 120_000;

/**
 * Works on a database as it stands at one instant, whatever is written meanwhile: one connection
 * with one transaction that only reads.
 * @throws StoreFailure when it cannot be reached.
 */
export async function withSnapshot<T>(
  place: Place,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openSnapshot(place);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function openSnapshot(place: Place): Promise<Database> {
  let client: pg.Client | undefined;
  try {
    client = await connect(place);
    await client.query(`set statement_timeout = ${CALL_LIMIT_MS}`);
    await client.query("set idle_in_transaction_session_timeout = 0"); // who takes the rows may be slow
    const { rows } = await client.query<Signature>(SIGNATURES_SQL);
    await client.query("begin isolation level repeatable read, read only");
    return oneSession(client, rows);
  } catch (thrown) {
    await client?.end().catch(() => {});
    throw thrown instanceof StartRefusal ? thrown : readFailure("connect", thrown);
  }
}

function oneSession(client: pg.Client, functions: readonly Signature[]): Database {
  const signatures = signaturesFrom(functions);
  return {
    async call(fn, args) {
      const signature = signatures.get(fn);
      if (signature === undefined) {
        throw new StoreFailure("refused", "42883", `${fn}: the database has no such function`);
      }
      const { text, values } = callStatement(signature, args);
      try {
        const { rows } = await client.query<{ result: unknown }>(text, [...values]);
        return rows[0]?.result;
      } catch (thrown) {
        throw readFailure(fn, thrown);
      }
    },
    health: () => ({ state: "ok", reason: "" }),
    close: () => client.end().catch(() => {}),
  };
}
