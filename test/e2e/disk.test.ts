import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Series } from "../../src/market/series.ts";
import { joinStore } from "../../src/store/open.ts";
import { connect } from "../../src/store/pg/connection.ts";
import { SmallDisk, whyNoDisk } from "../kit/small-disk.ts";
import { MIGRATIONS_DIR } from "../kit/store.ts";
import { type ApiOrder, allCandles, allSignals } from "./kit/api.ts";
import { dataFolder, type Ended, HubProcess, until } from "./kit/hub-process.ts";
import {
  expectWhole,
  hubTime,
  logged,
  restarts,
  storeReason,
  storeStatus,
  untilArmed,
  untilStore,
} from "./kit/outage.ts";

const why = whyNoDisk();
const skipped = why === undefined ? "" : ` (${why})`;
/** What the hub starts with is 45 MB. */
const MEGABYTES = 150;
/** As PostgreSQL writes it, or as Node does: who meets the full disk first is chance. */
const NO_ROOM = /no space left on device/i;
const PATIENCE_MS = 90_000;

const folder = dataFolder();
afterAll(() => folder.remove());

/** What an operator saw before; all of it must be there afterwards. */
async function seen(hub: HubProcess) {
  const { orders } = await hub.get<{ orders: ApiOrder[] }>("/api/v1/orders?limit=1000");
  return {
    candles: await allCandles(hub, "BTC/USDT", "1m"),
    signals: await allSignals(hub),
    ended: orders.filter(({ state }) => !["created", "unknown", "open"].includes(state)),
  };
}

async function expectSeenAgain(hub: HubProcess, before: Awaited<ReturnType<typeof seen>>) {
  const after = await seen(hub);
  expect(after.candles.slice(0, before.candles.length)).toEqual(before.candles);
  expect(after.signals).toEqual(expect.arrayContaining(before.signals));
  expect(after.ended).toEqual(expect.arrayContaining(before.ended));
}

/** That a connection broke is known before why it did: the server itself may fall at the full disk. */
async function untilNamed(hub: HubProcess): Promise<void> {
  const isNamed = async (): Promise<boolean> => NO_ROOM.test((await storeReason(hub)) ?? "");
  await until(isNamed, PATIENCE_MS, "the full disk to be named");
}

async function expectSoundChains(hub: HubProcess, dataDir: string): Promise<void> {
  const { watchlist } = await hub.get<{ watchlist: Series[] }>("/api/v1/watchlist");
  const joined = await joinStore({
    dataDir,
    migrationsDir: MIGRATIONS_DIR,
    log: () => {},
  });
  for (const series of watchlist) {
    expect(await joined.store.candles.verify(series)).toMatchObject({
      broken: null,
      headFits: true,
    });
  }
  await joined.stop();
}

describe.skipIf(why !== undefined)(`a hub whose disk is full${skipped}`, () => {
  let disk: SmallDisk;
  let dataDir: string;
  let hub: HubProcess;
  let before: Record<string, number>;

  beforeAll(async () => {
    disk = new SmallDisk(MEGABYTES);
    dataDir = join(disk.path, "data");
    hub = await HubProcess.start(dataDir, { HUB_SPEED: "60" });
    await untilArmed(hub);
    before = await restarts(hub);
  }, 180_000);

  afterAll(async () => {
    await hub.stop("SIGKILL");
    disk.remove();
  }, 60_000);

  test("says so and loses nothing, when a table cannot grow", async () => {
    const known = await seen(hub);

    disk.fill();
    await untilStore(hub, "offline");

    await untilNamed(hub);
    expect(logged(hub, "the database is away")).not.toEqual([]);
    disk.makeRoom();
    await untilStore(hub, "ok");
    await expectWhole(hub, await hubTime(hub));
    await expectSeenAgain(hub, known);
    expect(await restarts(hub)).toEqual(before);
  }, 240_000);

  test("says so and loses nothing, when the database itself falls for lack of room, and cannot rise", async () => {
    const known = await seen(hub);
    const client = await connect({ socketDir: join(dataDir, "postgres", "run") });

    disk.fill();
    expect(await exhaustLog(client)).toMatchObject({ severity: "PANIC", code: "53100" });
    const fallen = (): boolean => logged(hub, "did not start").length > 0;
    await until(fallen, PATIENCE_MS, "the database to try to rise");
    await new Promise((done) => setTimeout(done, 5_000)); // it tries several times

    expect(await storeStatus(hub)).toBe("offline");
    await untilNamed(hub);
    // On a slow machine the server falls at one point and then at another: each is told once.
    const told = logged(hub, "did not start").filter((line) => NO_ROOM.test(line));
    const causes = told.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(causes.length).toBeGreaterThan(0);
    expect(new Set(causes).size).toBe(causes.length);
    disk.makeRoom();
    await untilStore(hub, "ok");
    await expectWhole(hub, await hubTime(hub));
    await expectSeenAgain(hub, known);
    await expectSoundChains(hub, dataDir);
    expect(await restarts(hub)).toEqual(before);
  }, 240_000);

  test("stops with exit code 0, refuses to start in one line, and starts once there is room", async () => {
    const known = await seen(hub);
    disk.fill();

    const stopped = await hub.stop("SIGTERM");
    const refused = await HubProcess.refused(dataDir, { HUB_SPEED: "60", LOG_LEVEL: "error" });

    expect(stopped.code).toBe(0);
    expect(lineOf(refused)).toMatch(NO_ROOM);
    disk.makeRoom();
    hub = await HubProcess.start(dataDir, { HUB_SPEED: "60" });
    await untilArmed(hub);
    await expectSeenAgain(hub, known);
    await expectSoundChains(hub, dataDir);
  }, 240_000);
});

/** Writes into the database's log until it needs another file of it and finds no room: it panics. */
async function exhaustLog(client: Awaited<ReturnType<typeof connect>>): Promise<unknown> {
  const write = "select pg_logical_emit_message(true, 'test', repeat('x', 8000000))";
  try {
    for (let n = 0; n < 10; n += 1) await client.query(write);
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}

/** The one line of a hub that refused to start. */
function lineOf(end: Ended): string {
  expect(end).toMatchObject({ code: 1, stdout: "" });
  const lines = end.stderr.trim().split("\n");
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

describe("a hub whose folder is read-only", () => {
  const isRoot = process.getuid?.() === 0;
  const refused = (dataDir: string): Promise<Ended> =>
    HubProcess.refused(dataDir, { LOG_LEVEL: "error" });

  test.skipIf(isRoot)(
    "refuses to start in one line",
    async () => {
      const dataDir = join(folder.path, "read-only");
      mkdirSync(dataDir);
      chmodSync(dataDir, 0o555);

      expect(lineOf(await refused(dataDir))).toMatch(/^the data folder .* cannot be used \(EACCES/);
    },
    60_000,
  );

  test.skipIf(why !== undefined)(
    `refuses to start in one line, as root too${skipped}`,
    async () => {
      const disk = new SmallDisk(1);
      disk.protect();

      const whole = await refused(disk.path);
      const end = await refused(join(disk.path, "data"));
      disk.remove();

      expect(lineOf(whole)).toMatch(/^the data folder .* cannot be used \(EROFS/);
      expect(lineOf(end)).toMatch(/^the data folder .* cannot be used \(EROFS/);
    },
    60_000,
  );

  test.skipIf(why !== undefined)(
    `refuses to start in one line when only the database's part is${skipped}`,
    async () => {
      const disk = new SmallDisk(1);
      disk.protect();
      const dataDir = join(folder.path, "part");
      mkdirSync(dataDir);
      symlinkSync(disk.path, join(dataDir, "postgres"));

      const end = await refused(dataDir);
      disk.remove();

      expect(lineOf(end)).toMatch(/^the data folder .* cannot be used \(EROFS/);
    },
    60_000,
  );
});
