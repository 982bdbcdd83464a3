import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPgDatabase } from "../../../src/store/pg/database.ts";
import { migrate } from "../../../src/store/pg/migrate.ts";
import type { Database } from "../../../src/store/port.ts";
import { onPostgres } from "../../kit/on-postgres.ts";
import { placeOf } from "../../kit/place.ts";
import { sql } from "../../kit/sql.ts";
import { MIGRATIONS_DIR } from "../../kit/store.ts";
import { type TcpDoor, tcpDoor } from "../../kit/tcp-door.ts";
import { rpcStandIn } from "../pg/rpc-stand-in.ts";
import { openBy } from "./road.ts";

const SECRET = "tr0ub4dor";

/** All that can be told of an error: its text, what hides in it, its causes, and its line in a log. */
function everythingOf(error: unknown): string {
  let logged = "";
  const log = pino({}, { write: (line: string) => (logged += line) });
  log.error({ err: error }, "failed");
  const depth = Number.POSITIVE_INFINITY;
  return `${String(error)} ${inspect(error, { depth, showHidden: true })} ${logged}`;
}

/** Opens the store in vain, and gives the one line that its user gets. */
async function refusal(way: Parameters<typeof openBy>[0]): Promise<string> {
  const error = await openBy(way).then(
    () => expect.fail("it opened"),
    (thrown: unknown) => thrown,
  );
  expect(everythingOf(error)).not.toContain(SECRET);
  const line = error instanceof Error ? error.message : "";
  expect(line).not.toContain("\n");
  return line;
}

onPostgres("a way to the database that does not lead there", (server) => {
  let door: TcpDoor;
  const url = (login: string, database: string, port = door.port) =>
    `postgresql://${login}@127.0.0.1:${port}/${database}`;

  beforeAll(async () => {
    door = await tcpDoor(server.socketDir);
    await sql(placeOf(server.url()), `create role hub login password '${SECRET}'`);
    await sql(placeOf(server.url()), "create database owned owner hub");
    await sql(placeOf(server.url()), "create database strange");
    await sql(placeOf(server.url()), "create role guest login password 'guest'");
  });
  afterAll(() => door.close());

  test("names the login when the password is wrong", async () => {
    const wrong = `${SECRET}-not`;

    expect(await refusal({ databaseUrl: url(`hub:${wrong}`, "owned") })).toBe(
      'the login of DATABASE_URL is not accepted (password authentication failed for user "hub")',
    );
  });

  test("says that the password is missing", async () => {
    expect(await refusal({ databaseUrl: url("hub", "owned") })).toMatch(
      /DATABASE_URL.*password must be/,
    );
  });

  test("names the database that does not exist", async () => {
    expect(await refusal({ databaseUrl: url(`hub:${SECRET}`, "nowhere") })).toBe(
      'the database that DATABASE_URL names cannot be used (database "nowhere" does not exist)',
    );
  });

  test("says what a login without rights may not do", async () => {
    expect(await refusal({ databaseUrl: url("guest:guest", "strange") })).toMatch(
      /^the login of DATABASE_URL may not do what the hub needs \(permission denied for .*\)$/,
    );
  });

  test("names the place where nobody answers", async () => {
    const gone = await tcpDoor(server.socketDir);
    await gone.close();

    const line = await refusal({ databaseUrl: url(`hub:${SECRET}`, "owned", gone.port) });

    expect(line).toBe(
      `the server that DATABASE_URL names cannot be reached (connect ECONNREFUSED 127.0.0.1:${gone.port})`,
    );
    expect(
      await refusal({ databaseUrl: `postgresql://hub:${SECRET}@no.such.host.invalid/owned` }),
    ).toMatch(/cannot be reached \(getaddrinfo .* no\.such\.host\.invalid\)$/);
  });

  test("refuses the transaction pooler before anything is sent to it", async () => {
    const line = await refusal({ databaseUrl: url(`hub:${SECRET}`, "owned", 6_543) });

    expect(line).toMatch(/transaction pooler \(port 6543\).*session pooler \(port 5432\)/);
  });

  test("refuses a server that is too old, by its version", async () => {
    const [row] = await sql(placeOf(server.url()), "show server_version");
    const version = String(row?.["server_version"]);
    const old = version.replace(/^\d+/, "14");
    // As long as the true one: the answer keeps its length.
    const aged = await tcpDoor(server.socketDir, (chunk) =>
      Buffer.from(chunk.toString("latin1").replaceAll(version, old), "latin1"),
    );

    const line = await refusal({ databaseUrl: url(`hub:${SECRET}`, "owned", aged.port) });

    expect(line).toBe(`the database is PostgreSQL ${old}: the hub needs 15 or newer`);
    await aged.close();
  });

  describe("to a Supabase project", () => {
    test("says that the key is not accepted", async () => {
      await sql(placeOf(server.url()), "create database project");
      await migrate(placeOf(server.url("project")), MIGRATIONS_DIR);
      const face = await rpcStandIn(placeOf(server.url("project")), {
        [`${SECRET}-anon`]: "anon",
        [SECRET]: "service_role",
      });
      const by = (supabaseKey: string) => refusal({ supabaseUrl: face.url, supabaseKey });

      expect(await by(`${SECRET}-wrong`)).toBe(
        "SUPABASE_KEY is not accepted by the project that SUPABASE_URL names (key not accepted)",
      );
      expect(await by(`${SECRET}-anon`)).toMatch(/^SUPABASE_KEY is not the service-role key/);
      await face.close();
    });

    test.each([
      ["PGRST301", "JWT expired"],
      ["PGRST303", "JWT expired"],
    ])("says that the key has expired (%s)", async (code, message) => {
      const face = createServer((_, response) => {
        const body = JSON.stringify({ code, message, details: null, hint: null });
        response.writeHead(401, { "content-type": "application/json" }).end(body);
      });
      await new Promise<void>((ready) => face.listen(0, "127.0.0.1", ready));
      const { port } = face.address() as AddressInfo;

      const supabaseUrl = `http://127.0.0.1:${port}`;

      expect(await refusal({ supabaseUrl, supabaseKey: SECRET })).toBe(
        "SUPABASE_KEY is not accepted by the project that SUPABASE_URL names (JWT expired)",
      );
      face.closeAllConnections();
      await new Promise((done) => face.close(done));
    });

    test("says that nobody answers, or that a part is missing", async () => {
      const supabaseUrl = "http://127.0.0.1:2";

      expect(await refusal({ supabaseUrl, supabaseKey: SECRET })).toMatch(
        /^the server that SUPABASE_URL names cannot be reached \(/,
      );
      expect(await refusal({ supabaseUrl })).toMatch(/belong together/);
      expect(await refusal({ supabaseKey: SECRET })).toMatch(/belong together/);
      expect(await refusal({ supabaseUrl: SECRET, supabaseKey: SECRET })).toMatch(
        /SUPABASE_URL is not a URL/,
      );
    });
  });

  describe("once it has been open", () => {
    const admin = () => placeOf(server.url("owned"));
    const asleep = () =>
      sql(
        admin(),
        `select pid from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'`,
      );
    let database: Database;
    const call = () => database.call("hub_watch_active", {});
    const sleep = (seconds: number, timeoutMs?: number) =>
      database.call(
        "hub_test_sleep",
        { p_seconds: seconds },
        timeoutMs === undefined ? {} : { timeoutMs },
      );

    beforeAll(async () => {
      const place = placeOf(url(`hub:${SECRET}`, "owned"));
      await migrate(place, MIGRATIONS_DIR);
      await sql(
        place,
        `create function public.hub_test_sleep(p_seconds float8) returns jsonb language plpgsql as $$
          begin perform pg_sleep(p_seconds); return 'true'; end $$`,
      );
      database = await openPgDatabase(place);
    });
    afterAll(() => database.close());

    test("ends a call at its time limit on the server, and leaves the next one its own", async () => {
      await expect(sleep(30, 100)).rejects.toMatchObject({ fault: "offline", reason: "57014" });

      expect(await asleep()).toEqual([]);
      expect(await sleep(0.2)).toBe(true);
    });

    test("gives up a server that does not even keep to its time limit", async () => {
      let isMute = false;
      const through = await tcpDoor(server.socketDir, (chunk) =>
        isMute ? Buffer.alloc(0) : chunk,
      );
      const muted = await openPgDatabase(placeOf(url(`hub:${SECRET}`, "owned", through.port)));
      await muted.call("hub_watch_active", {});
      isMute = true;

      const unheard = muted.call("hub_watch_active", {}, { timeoutMs: 1 });

      await expect(unheard).rejects.toMatchObject({ fault: "offline", retry: "later" });
      expect(muted.health().state).toBe("offline");
      await through.close();
      await muted.close();
    });

    test("loses the calls on connections that are cut, and none of those that wait", async () => {
      const underWay = Array.from({ length: 8 }, () => sleep(30).catch((error: unknown) => error));
      const waiting = Array.from({ length: 30 }, () => call());
      while ((await asleep()).length < underWay.length) await new Promise(setImmediate);

      await sql(
        admin(),
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'trading-hub' and wait_event = 'PgSleep'",
      );

      for (const error of await Promise.all(underWay)) {
        expect(error).toMatchObject({ fault: "offline", reason: "57P01", retry: "later" });
        expect(everythingOf(error)).not.toContain(SECRET);
      }
      expect(await Promise.all(waiting)).toEqual(waiting.map(() => []));
      expect(database.health()).toEqual({ state: "ok", reason: "" });
    });

    test("is offline while the server is stopped, and back with the first call after it", async () => {
      await call();
      await server.stop();

      const away = await call().catch((error: unknown) => error);

      expect(away).toMatchObject({ fault: "offline", retry: "later" });
      expect(everythingOf(away)).not.toContain(SECRET);
      expect(database.health().state).toBe("offline");
      expect(database.health().reason).not.toContain(SECRET);
      await server.start();
      expect(await call()).toEqual([]);
      expect(database.health().state).toBe("ok");
    });
  });
});
