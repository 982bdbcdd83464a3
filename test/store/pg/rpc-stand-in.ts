import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { connect, openPool, type Place } from "../../../src/store/pg/connection.ts";
import {
  callStatement,
  SIGNATURES_SQL,
  type Signature,
  type Signatures,
  signaturesFrom,
} from "../../../src/store/pg/signature.ts";

/** What stands in for PostgREST: its rpc face, over a real PostgreSQL. */
export interface RpcStandIn {
  readonly url: string;
  /** Runs instead of an answer while it is set: faults of a gateway. */
  fault: ((response: ServerResponse) => void) | undefined;
  /** What was asked for so far: the function, and the bytes of its arguments. */
  readonly asked: { readonly fn: string; readonly bytes: number }[];
  close(): Promise<void>;
}

/** The role behind each API key. */
export type Keys = Readonly<Record<string, "service_role" | "anon">>;

interface Reply {
  readonly status: number;
  readonly body: string;
}

/**
 * Serves `POST /rest/v1/rpc/<fn>` as PostgREST does: the key names a role, the body holds named
 * arguments, errors come as code, message, details and hint with PostgREST's HTTP status, and a
 * statement ends after eight seconds; a notice to `pgrst` makes it read the schema again. What that proves and what it does not stands in docs/store.md.
 */
export async function rpcStandIn(place: Place, keys: Keys): Promise<RpcStandIn> {
  const pool = openPool(place, 4, () => {});
  const readSchema = async (): Promise<Signatures> =>
    signaturesFrom((await pool.query<Signature>(SIGNATURES_SQL)).rows);
  let signatures = readSchema();
  const listener = await connect(place);
  listener.on("notification", () => {
    signatures = readSchema();
  });
  await listener.query("listen pgrst");
  const asked: { fn: string; bytes: number }[] = [];
  const standIn = { fault: undefined as RpcStandIn["fault"], asked };
  const server = createServer((request, response) => {
    const [, fn = ""] = /^\/rest\/v1\/rpc\/(\w+)$/.exec(request.url ?? "") ?? [];
    const note = { fn, bytes: 0 };
    asked.push(note);
    if (standIn.fault !== undefined) {
      standIn.fault(response);
      return;
    }
    void read(request).then(async (text) => {
      note.bytes = Buffer.byteLength(text);
      const role = keys[String(request.headers["apikey"])];
      const { status, body } = await answer(pool, await signatures, role, fn, text);
      response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return Object.assign(standIn, {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await closeServer(server);
      await listener.end();
      await pool.end();
    },
  });
}

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}

async function answer(
  pool: pg.Pool,
  signatures: Signatures,
  role: string | undefined,
  fn: string,
  text: string,
): Promise<Reply> {
  if (role === undefined) {
    return { status: 401, body: '{"message":"Invalid API key","hint":"Double check your key."}' };
  }
  const args = JSON.parse(text || "{}") as Record<string, unknown>;
  const signature = signatures.get(fn);
  const given = Object.keys(args);
  const fits =
    signature !== undefined &&
    given.every((name) => signature.names.includes(name)) &&
    signature.names.slice(0, signature.required).every((name) => given.includes(name));
  if (!fits) {
    const message = `Could not find the function public.${fn}(${given.toSorted().join(", ")}) in the schema cache`;
    return failure(404, "PGRST202", message);
  }
  return run(pool, role, signature, args);
}

async function run(
  pool: pg.Pool,
  role: string,
  signature: Signature,
  args: Record<string, unknown>,
): Promise<Reply> {
  const client = await pool.connect();
  try {
    const { text, values } = callStatement(signature, args);
    await client.query("begin");
    await client.query(
      "select set_config('role', $1, true), set_config('statement_timeout', '8s', true)",
      [role],
    );
    // PostgreSQL writes the JSON, as it does there: no value passes through a JavaScript number.
    const { rows } = await client.query<{ body: string }>(
      `with c as (${text}) select coalesce(to_json(result), 'null')::text as body from c`,
      [...values],
    );
    await client.query("commit");
    return { status: 200, body: rows[0]?.body ?? "null" };
  } catch (thrown) {
    await client.query("rollback").catch(() => {});
    if (!(thrown instanceof pg.DatabaseError)) {
      return failure(503, "PGRST000", "Database connection error. Retrying the connection.");
    }
    const { code = "", message, detail, hint } = thrown;
    return failure(statusOf(code, role), code, message, detail, hint);
  } finally {
    client.release();
  }
}

function failure(
  status: number,
  code: string,
  message: string,
  details: string | null = null,
  hint: string | null = null,
): Reply {
  return { status, body: JSON.stringify({ code, message, details, hint }) };
}

/** PostgREST's table from SQLSTATE to HTTP status, as far as the hub meets it. */
function statusOf(code: string, role: string): number {
  if (code === "42501") return role === "anon" ? 401 : 403;
  if (/^PT[1-5]\d\d$/.test(code)) return Number(code.slice(2));
  if (code === "23503" || code === "23505") return 409;
  if (code === "42883") return 404;
  if (/^(08|53)/.test(code)) return 503;
  return /^(40|54|55|57|58|XX)/.test(code) ? 500 : 400;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}
