import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { fastClock } from "../../../src/runtime/clock.ts";
import { isAlive } from "../../../src/runtime/is-alive.ts";
import { type EmbeddedServer, startEmbedded } from "../../../src/store/embedded/server.ts";
import { openStore } from "../../../src/store/open.ts";
import { haltOrder } from "../../kit/halts.ts";
import { SmallDisk, whyNoDisk } from "../../kit/small-disk.ts";
import { emptyDataDir, FAST, MIGRATIONS_DIR, migratedDataDir } from "../../kit/store.ts";
import { BTC_1M, MONDAY } from "../builders.ts";

const why = whyNoDisk();
const skipped = why === undefined ? "" : ` (${why})`;

const folders: string[] = [];
const running: { stop(): Promise<void> }[] = [];

const remembered = (dataDir: string): string => {
  folders.push(dataDir);
  return dataDir;
};
const start = async (dataDir: string, onExit?: () => void): Promise<EmbeddedServer> => {
  const server = await startEmbedded({ dataDir, settings: FAST, ...(onExit && { onExit }) });
  running.push(server);
  return server;
};
const open = async (dataDir: string, lines: string[] = []) => {
  const log = (line: string): void => void lines.push(line);
  const options = { dataDir, migrationsDir: MIGRATIONS_DIR, log };
  const opened = await openStore({ ...options, embeddedSettings: FAST });
  running.push(opened);
  return opened;
};
const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await what()); tries += 1) {
    if (tries > 500) throw new Error("it never came");
    await new Promise((done) => setTimeout(done, 20));
  }
};
/** A process that ended and that nobody asked about is still listed where nothing collects it. */
const runs = (pid: number): boolean => {
  try {
    return isAlive(pid) && !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false; // gone between the two looks
  }
};
const postmaster = (dataDir: string): number =>
  Number(readFileSync(join(dataDir, "postgres/cluster/postmaster.pid"), "utf8").split("\n")[0]);

afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await one.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe("the embedded database", () => {
  test("sets itself up in an empty folder, open to nobody else, and comes back", async () => {
    const dataDir = remembered(emptyDataDir());
    const lines: string[] = [];
    const first = await open(dataDir, lines);
    await first.store.watch.add("p", BTC_1M, "test", MONDAY);
    await first.store.trade.halt(haltOrder(), MONDAY);
    await first.stop();

    const second = await open(dataDir, lines);

    expect(second.road).toBe("embedded");
    expect(await second.store.watch.active()).toHaveLength(1);
    expect(await second.store.trade.halts()).toMatchObject([{ reason: "storm" }]);
    expect(lines).toHaveLength(1); // migrations were applied once
    const mode = (path: string) => statSync(join(dataDir, "postgres", path)).mode & 0o777;
    expect(mode("postgres.log")).toBe(0o600);
    expect(mode("run")).toBe(0o700);
    expect(mode("cluster")).toBe(0o700);
  });

  test("leaves no process behind when it is stopped, and may be stopped twice", async () => {
    const dataDir = remembered(await migratedDataDir());
    const server = await start(dataDir);
    const { pid } = server;

    await server.stop();
    await server.stop();

    expect(isAlive(pid)).toBe(false);
  });

  test.runIf(existsSync("/proc/self/environ"))(
    "tells its processes nothing of the hub's environment",
    async () => {
      process.env["PGPASSWORD"] = "canary-in-the-environment";
      const dataDir = remembered(await migratedDataDir());
      const server = await start(dataDir);
      delete process.env["PGPASSWORD"];

      const group = [server.pid, parentOf(server.pid)];
      for (const pid of group) {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        expect(environment).toContain("TZ=UTC"); // it was read, and there is something in it
        expect(environment).not.toContain("canary");
        expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain("canary");
      }
    },
  );

  test("refuses a second hub in one line, and lets it in afterwards", async () => {
    const dataDir = remembered(await migratedDataDir());
    const first = await start(dataDir);

    const second = startEmbedded({ dataDir });

    await expect(second).rejects.toMatchObject({
      name: "StartRefusal",
      message: expect.stringMatching(/^another hub uses the data folder [^\n]*$/) as unknown,
    });
    await first.stop();
    await start(dataDir);
  });

  test("refuses a folder that cannot be made or written in one line", async () => {
    const dataDir = remembered(emptyDataDir());
    writeFileSync(join(dataDir, "file"), "");

    const thrown = await startEmbedded({ dataDir: join(dataDir, "file", "data") }).catch(
      (error: unknown) => error,
    );

    expect(thrown).toMatchObject({ name: "StartRefusal" });
    expect(String(thrown)).toMatch(/^StartRefusal: the data folder [^\n]*HUB_DATA_DIR$/);
  });

  test.skipIf(why !== undefined)(
    `says in the server's own words that it found no room to set itself up${skipped}`,
    async () => {
      const disk = new SmallDisk(12);

      const thrown = await startEmbedded({ dataDir: disk.path }).catch((error: unknown) => error);
      disk.remove();

      expect(String(thrown)).toMatch(
        /^StartRefusal: the embedded PostgreSQL cannot be set up in [^:]*: could not [^\n]*: No space left on device$/,
      );
    },
  );

  test("ends in bounded time even where its server hangs, and comes back with what was written", async () => {
    const dataDir = remembered(await migratedDataDir());
    const clock = fastClock(20, 0); // its limits pass twenty times as fast
    const server = await startEmbedded({ dataDir, settings: FAST, clock });
    const { pid } = server;
    process.kill(pid, "SIGSTOP");

    await server.stop();

    await until(() => !runs(pid));
    expect((await start(dataDir)).pid).not.toBe(pid);
  });

  test("works in a folder too deep for a socket", async () => {
    const dataDir = remembered(emptyDataDir());
    const deep = join(dataDir, "d".repeat(60), "e".repeat(60));
    mkdirSync(deep, { recursive: true });

    const opened = await open(deep);

    expect(await opened.store.watch.active()).toEqual([]);
  });

  test.runIf(process.getuid?.() === 0)(
    "works below a folder that only root may enter",
    async () => {
      const dataDir = remembered(emptyDataDir());
      chmodSync(dataDir, 0o700);

      // Where the machine allows no user namespaces, a refusal that names the way out is all there is.
      const end = await open(join(dataDir, "data")).then(
        ({ road }) => road,
        (error: unknown) => String(error),
      );

      expect(end).toMatch(/^embedded$|DATABASE_URL$/);
    },
  );

  test("tells when the server ends by itself, and the store comes back", async () => {
    const dataDir = remembered(await migratedDataDir());
    const lines: string[] = [];
    const { store } = await open(dataDir, lines);
    const pid = postmaster(dataDir);

    process.kill(pid, "SIGKILL");
    await until(() => lines.some((line) => line.endsWith("is back")));

    expect(lines[0]).toMatch(/ended by itself/);
    expect(postmaster(dataDir)).not.toBe(pid);
    await until(() =>
      store.watch.active().then(
        () => true,
        () => false,
      ),
    );
    expect(store.database.health().state).toBe("ok");
  });

  test("takes over from a server whose hub and keeper are gone", async () => {
    const dataDir = remembered(await migratedDataDir());
    const writer = await startWriter(dataDir);
    const pid = postmaster(dataDir);
    const keeper = parentOf(pid);
    for (const id of [watchOf(keeper, pid), keeper]) process.kill(id, "SIGKILL");
    writer.kill();
    await writer.gone;

    expect(isAlive(pid)).toBe(true);

    const server = await start(dataDir);

    expect(server.pid).not.toBe(pid);
    expect(runs(pid)).toBe(false);
  });

  test("starts after everything was killed at once", async () => {
    const dataDir = remembered(await migratedDataDir());
    const writer = await startWriter(dataDir);
    const pid = postmaster(dataDir);
    const keeper = parentOf(pid);

    process.kill(-keeper, "SIGKILL"); // keeper, watch and server: its workers are left
    writer.kill();
    await writer.gone;

    const { store } = await open(dataDir);
    expect(await store.watch.active()).toHaveLength(1);
  });

  test("outlives a kill -9 of its hub with every row that was acknowledged", async () => {
    const dataDir = remembered(await migratedDataDir());
    const writer = await startWriter(dataDir);
    await until(() => writer.acknowledged() > 40);
    const pid = postmaster(dataDir);

    writer.kill();
    await writer.gone;
    await until(() => !isAlive(pid));

    const { store } = await open(dataDir);
    const [series] = await store.watch.active();
    if (series === undefined) throw new Error("the series is gone");
    expect(await store.candles.count()).toBeGreaterThanOrEqual(writer.acknowledged());
    expect(await store.candles.verify(series)).toMatchObject({ broken: null, headFits: true });
    expect(await store.trade.halts()).toMatchObject([{ by: "writer" }]);
  });
});

function parentOf(pid: number): number {
  return Number(/\bPPid:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** The child of the keeper that is not the server: it waits for the hub's end. */
function watchOf(keeper: number, server: number): number {
  const children = readFileSync(`/proc/${keeper}/task/${keeper}/children`, "utf8")
    .trim()
    .split(" ");
  const watch = children.map(Number).find((id) => id !== server);
  if (watch === undefined) throw new Error("the keeper has no watch");
  return watch;
}

/** Starts a hub in a process of its own and waits until it has written something. */
async function startWriter(dataDir: string) {
  const hook = fileURLToPath(new URL("./ts-hook.mjs", import.meta.url));
  const writer = fileURLToPath(new URL("./writer.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", hook, writer, dataDir, MIGRATIONS_DIR], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let acknowledged = 0;
  createInterface({ input: child.stdout }).on("line", () => (acknowledged += 1));
  const gone = new Promise<void>((done) => child.once("exit", () => done()));
  running.push({
    stop: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  });
  await until(() => acknowledged > 0);
  return { kill: () => child.kill("SIGKILL"), gone, acknowledged: () => acknowledged };
}
