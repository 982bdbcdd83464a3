import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rpcStandIn } from "../store/pg/rpc-stand-in.ts";
import { dataFolder, HubProcess } from "./kit/hub-process.ts";
import {
  expectOneOrderEach,
  expectWhole,
  hubTime,
  logged,
  metric,
  restarts,
  storeReason,
  storeStatus,
  untilArmed,
  untilStore,
} from "./kit/outage.ts";
import { OwnedServer, serverProcesses } from "./kit/owned-server.ts";

/** Long enough for several closes; 60 was tried by hand, and changes nothing. */
const OUTAGE_MS = Number(process.env["OUTAGE_SECONDS"] ?? 15) * 1_000;
/** A minute a second. */
const FAST = { HUB_SPEED: "60" } as const;

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Looks at the hub once a second during an outage: it never says that all is well, and polls on. */
async function lastOut(hub: HubProcess, outageMs: number): Promise<void> {
  const polls = /^engine_polls_total{.*outcome="ok"/;
  await untilStore(hub, "offline");
  const before = await metric(hub, polls);
  for (const end = Date.now() + outageMs; Date.now() < end; await sleep(1_000)) {
    expect(await storeStatus(hub)).toBe("offline");
  }
  expect(await metric(hub, /^engine_db_up /)).toBe(0);
  expect((await hub.request("/readyz")).status).toBe(503);
  expect(await metric(hub, polls)).toBeGreaterThan(before + 10);
}

/** What holds after any outage: whole series, nobody restarted, told once and without noise. */
async function expectUnharmed(hub: HubProcess, before: Record<string, number>): Promise<void> {
  await untilStore(hub, "ok");
  await expectWhole(hub, await hubTime(hub));
  await expectOneOrderEach(hub);
  expect(await restarts(hub)).toEqual(before);
  expect(await metric(hub, /^engine_db_up /)).toBe(1);
  expect(logged(hub, "dead letter")).toEqual([]);
}

describe("a hub whose PostgreSQL goes away", () => {
  const folder = dataFolder();
  let server: OwnedServer;
  let hub: HubProcess;
  let before: Record<string, number>;

  beforeAll(async () => {
    server = await OwnedServer.start();
    hub = await HubProcess.start(folder.path, { ...FAST, DATABASE_URL: server.url() });
    await untilArmed(hub);
    before = await restarts(hub);
  }, 180_000);

  afterAll(async () => {
    await hub.stop("SIGKILL");
    await server.remove();
    folder.remove();
  }, 60_000);

  test("polls on and says that it is offline while the server is stopped, and lacks nothing once it is back", async () => {
    await server.stop();
    await lastOut(hub, OUTAGE_MS);
    expect(logged(hub, "the database is away")).toHaveLength(1);
    expect(await storeReason(hub)).toMatch(/ENOENT|ECONNREFUSED|terminat/);

    await server.startAgain();

    await expectUnharmed(hub, before);
    expect(logged(hub, "the database is back")).toHaveLength(1);
  }, 240_000);

  test("does the same while the server hangs", async () => {
    server.freeze();
    await lastOut(hub, 5_000);

    server.thaw();

    await expectUnharmed(hub, before);
    expect(await storeReason(hub)).toBeNull();
  }, 240_000);

  test("does the same while the server only reads, as on a disk that was write-protected", async () => {
    await server.sql("alter system set default_transaction_read_only = on");
    await server.sql("select pg_reload_conf()");
    await untilStore(hub, "offline");
    await sleep(3_000);
    expect(await storeStatus(hub)).toBe("offline"); // though all that is read comes
    expect(await storeReason(hub)).toMatch(/read-only transaction/);

    await server.sql("alter system reset default_transaction_read_only");
    await server.sql("select pg_reload_conf()");

    await expectUnharmed(hub, before);
  }, 240_000);

  test.each([
    ["is stopped", () => server.stop(), () => server.startAgain()],
    ["hangs", () => Promise.resolve(server.freeze()), () => Promise.resolve(server.thaw())],
  ])(
    "ends on SIGTERM with exit code 0 while the server %s",
    async (_how, takeAway, bringBack) => {
      await takeAway();
      await untilStore(hub, "offline");

      const end = await hub.stop("SIGTERM");

      expect(end.code).toBe(0);
      await bringBack();
      hub = await HubProcess.start(folder.path, { ...FAST, DATABASE_URL: server.url() });
      await expectWhole(hub, await hubTime(hub));
    },
    240_000,
  );
});

describe("a hub whose own PostgreSQL is killed", () => {
  const folder = dataFolder();
  afterEach(() => folder.remove());

  test("starts it again, lacks nothing, and restarts nobody", async () => {
    const hub = await HubProcess.start(folder.path, FAST);
    try {
      await untilArmed(hub);
      const before = await restarts(hub);
      for (const time of [1, 2]) {
        const [postmaster = 0] = serverProcesses(folder.path);
        process.kill(postmaster, "SIGKILL");
        await untilBack(hub, time);
      }
      await expectUnharmed(hub, before);
      expect(logged(hub, "ended by itself (code 137); it is started again").length).toBeGreaterThan(
        1,
      );
    } finally {
      await hub.stop("SIGKILL");
    }
  }, 240_000);

  async function untilBack(hub: HubProcess, times: number): Promise<void> {
    while (logged(hub, "the embedded PostgreSQL is back").length < times) await sleep(50);
    await untilStore(hub, "ok");
  }
});

describe("a hub that its database does not let in any more", () => {
  const folder = dataFolder();
  let server: OwnedServer;
  let hub: HubProcess;

  beforeEach(async () => {
    server = await OwnedServer.start();
  }, 60_000);

  afterEach(async () => {
    await hub.stop("SIGKILL");
    await server.remove();
    folder.remove();
  }, 60_000);

  test("says so while its password is another one, and goes on once it is put right", async () => {
    await server.sql("create role hub superuser login password 'f1rst'");
    await server.askForPasswords("hub");
    const url = server.url({ user: "hub", password: "f1rst" });
    hub = await HubProcess.start(folder.path, { ...FAST, DATABASE_URL: url });
    await untilArmed(hub);
    const before = await restarts(hub);

    await server.sql(`alter role hub password 'secOnd'; ${CUT}`);
    await untilStore(hub, "offline");
    await sleep(3_000);

    expect(await storeReason(hub)).toMatch(/password authentication failed for user "hub"/);
    expect(await restarts(hub)).toEqual(before);
    await server.sql("alter role hub password 'f1rst'");
    await expectUnharmed(hub, before);
    expect(hub.stderr).not.toMatch(/f1rst|secOnd/);
  }, 240_000);

  test("says so while its key is revoked, and goes on once it is given back", async () => {
    const project = await rpcStandIn({ socketDir: server.socketDir }, { k3y: "service_role" });
    const access = { SUPABASE_URL: project.url, SUPABASE_KEY: "k3y" };
    hub = await HubProcess.start(folder.path, { ...FAST, ...access });
    await untilArmed(hub);
    const before = await restarts(hub);

    project.fault = (response) => response.writeHead(401).end('{"message":"Invalid API key"}');
    await untilStore(hub, "offline");
    await sleep(3_000);

    expect(await storeReason(hub)).toMatch(/key not accepted/);
    expect(await restarts(hub)).toEqual(before);
    project.fault = undefined;
    await expectUnharmed(hub, before);
    expect(hub.stderr).not.toContain("k3y");
    await hub.stop("SIGKILL");
    await project.close();
  }, 240_000);
});

const CUT =
  "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'hub' and pid <> pg_backend_pid()";

test("a hub that cannot reach its database refuses to start, in one line without the login", async () => {
  const folder = dataFolder();
  const url = "postgresql://keeper:s3cret@127.0.0.1:1/hub";

  const end = await HubProcess.refused(folder.path, { LOG_LEVEL: "error", DATABASE_URL: url });

  folder.remove();
  expect(end).toMatchObject({ code: 1, stdout: "" });
  expect(end.stderr.trim().split("\n")).toHaveLength(1);
  expect(end.stderr).toContain("ECONNREFUSED");
  expect(end.stderr).not.toMatch(/s3cret|keeper/);
}, 60_000);
