import { existsSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMigrations } from "../../src/store/pg/migration-files.ts";
import { placeOf } from "../kit/place.ts";
import { sql } from "../kit/sql.ts";
import { emptyDataDir, MIGRATIONS_DIR, withStore } from "../kit/store.ts";
import { rpcStandIn } from "../store/pg/rpc-stand-in.ts";
import { folder } from "../store/transfer/folder.ts";
import { urlOf } from "../store/transfer/world.ts";
import { dataFolders, openAt } from "./data-folders.ts";
import { hub } from "./fake-hub.ts";

const file = folder();
const remembered = dataFolders();

async function versions(): Promise<string[]> {
  return (await readMigrations(MIGRATIONS_DIR)).map(({ version }) => version);
}

describe("hub db status and migrate, on the embedded road", { timeout: 60_000 }, () => {
  const environment = remembered(emptyDataDir());

  test("show that there is nothing yet, and make nothing", async () => {
    const { exitCode, out } = await hub(["db", "status"], environment);

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^road +embedded$/m);
    expect(out).toMatch(
      /^state +empty: the first start of a hub, or `hub db migrate`, sets it up$/m,
    );
    expect(readdirSync(environment.HUB_DATA_DIR)).toEqual([]);
  });

  test("set it up, and say with what", async () => {
    const first = await hub(["db", "migrate"], environment);
    const second = await hub(["db", "migrate"], environment);
    const { out } = await hub(["db", "status"], environment);

    expect(first).toMatchObject({ exitCode: 0, out: `applied ${(await versions()).join(", ")}` });
    expect(second).toMatchObject({ exitCode: 0, out: "up to date already", err: "" });
    expect(out).toMatch(/^server +PostgreSQL 18/m);
    expect(out).toMatch(/^state +up to date$/m);
    expect(out).toMatch(/^size +\d+\.\d MB$/m);
    expect(out).toMatch(/^in use by +nobody$/m);
  });

  test("tell of a hub that runs on it", async () => {
    const running = await openAt(environment);

    const { out } = await hub(["db", "status"], environment);
    const migrated = await hub(["db", "migrate"], environment);

    await running.stop();
    expect(out).toMatch(/^in use by +a hub, or another command$/m);
    expect(migrated).toMatchObject({ exitCode: 0, out: "up to date already" });
  });
});

describe("hub db status and migrate, on a database of another version", { timeout: 60_000 }, () => {
  const behind = withStore();
  const environment = () => ({ DATABASE_URL: urlOf(behind.server) });
  const noted = "supabase_migrations.schema_migrations";
  let closeStandIn = async (): Promise<void> => {};
  let project = {};

  beforeAll(async () => {
    const standIn = await rpcStandIn(behind.server, { key: "service_role" });
    closeStandIn = () => standIn.close();
    project = { SUPABASE_URL: standIn.url, SUPABASE_KEY: "key" };
  });
  afterAll(() => closeStandIn());

  async function status(environment: Readonly<Record<string, string>>) {
    const { exitCode, out } = await hub(["--json", "db", "status"], environment);
    expect(exitCode).toBe(0);
    return JSON.parse(out) as unknown;
  }

  test("say the same by URL and through the REST face when it is up to date", async () => {
    const wanted = (await versions()).at(-1);
    const upToDate = { schema: wanted, wanted, pending: [], newer: [], usedBy: null };

    expect(await status(environment())).toMatchObject({ road: "postgres", ...upToDate });
    expect(await status(project)).toMatchObject({ road: "supabase", ...upToDate });
    expect(await hub(["db", "migrate"], project)).toMatchObject({ out: "up to date already" });
  });

  test("name what is pending, and what to do where nothing can be applied", async () => {
    const last = (await versions()).at(-1) ?? "";
    const [row] = await sql(behind.server, `delete from ${noted} where version = $1 returning *`, [
      last,
    ]);

    const byUrl = await status(environment());
    const byRest = await status(project);
    const migrated = await hub(["db", "migrate"], project);

    await sql(behind.server, `insert into ${noted} (version, name) values ($1, $2)`, [
      last,
      row?.["name"],
    ]);
    expect(byUrl).toMatchObject({ pending: [last], newer: [] });
    expect(byRest).toMatchObject({ pending: [last], newer: [] });
    expect(migrated).toMatchObject({ exitCode: 1, out: "" });
    expect(migrated.err).toBe(
      `${last} cannot be applied through the REST face: run \`supabase db push\`, or set DATABASE_URL`,
    );
  });

  test("show a newer one, and leave it alone", async () => {
    const newer = "29990101000000";
    await sql(
      behind.server,
      `insert into ${noted} (version, name) values ('${newer}', 'hub_x'), ('29990101000001', 'foreign')`,
    );

    const byUrl = await status(environment());
    const refusals = [
      await hub(["db", "migrate"], environment()),
      await hub(["db", "migrate"], project),
      await hub(["db", "export", file("never")], environment()),
    ];

    await sql(behind.server, `delete from ${noted} where version like '2999%'`);
    expect(byUrl).toMatchObject({ pending: [], newer: [newer] });
    for (const { exitCode, out, err } of refusals) {
      expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
      expect(err).toBe(`the database is newer than this hub: it has migrations ${newer}`);
    }
    expect(existsSync(file("never"))).toBe(false);
  });

  test("see a project that has nothing of the hub yet", async () => {
    await sql(behind.server, "create database bare");
    const url = urlOf(behind.server).replace("/postgres?", "/bare?");
    const standIn = await rpcStandIn(placeOf(url), { key: "service_role" });

    const byRest = await status({ SUPABASE_URL: standIn.url, SUPABASE_KEY: "key" });
    const byUrl = await status({ DATABASE_URL: url });

    await standIn.close();
    expect(byRest).toMatchObject({ schema: null, pending: await versions() });
    expect(byUrl).toMatchObject({ schema: null, pending: await versions() });
  });

  test("put a database that is not there into one line, without the login", async () => {
    const { exitCode, out, err } = await hub(["db", "status"], {
      DATABASE_URL: "postgresql://keeper:s3cret@127.0.0.1:1/hub",
    });

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(/ECONNREFUSED/);
    expect(err).not.toMatch(/s3cret|keeper|\n/);
  });
});
