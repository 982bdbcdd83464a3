import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Liveness } from "../../src/market/liveness.ts";
import { machineClock } from "../../src/runtime/clock.ts";
import { serviceManager } from "../../src/system/service-manager.ts";
import { until } from "../e2e/kit/hub-process.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { withPrograms } from "../kit/on-prometheus.ts";

const GOOD: Liveness = { state: "healthy", due: 8, late: [] };
const BAD: Liveness = { ...GOOD, state: "unhealthy" };

function setUp(
  text: Record<string, string> = { NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "30000000" },
) {
  const clock = new ManualClock(0);
  const world = { liveness: GOOD, isStoreUp: true, isDeaf: false };
  const said: string[] = [];
  const warnings: string[] = [];
  const manager = serviceManager({
    environment: { text },
    machineClock: clock,
    liveness: () => world.liveness,
    isStoreUp: () => world.isStoreUp,
    warn: (line) => warnings.push(line),
    send: async (socket, words) => {
      await Promise.resolve();
      if (world.isDeaf) throw new Error("nobody listens");
      said.push(`${socket}: ${words.join(" ")}`);
    },
  });
  return { clock, world, said, warnings, manager };
}

const STATUS = "--status=healthy: 8 series due, 0 late";

describe("a hub under a service manager", () => {
  test("says that it serves, lives at a third of the watchdog's time, and stops", async () => {
    const { manager, clock, said } = setUp();
    manager.ready();
    await clock.advance(9_999);
    expect(said).toEqual([`/run/x: --ready ${STATUS}`]);
    await clock.advance(10_001);
    manager.stopping();
    await clock.advance(60_000);

    const beat = `/run/x: WATCHDOG=1 ${STATUS}`;
    expect(said.slice(1)).toEqual([beat, beat, "/run/x: STOPPING=1"]);
  });

  test("gives no sign of life while nobody works, and does again after", async () => {
    const { manager, clock, said, world } = setUp();
    manager.ready();
    world.liveness = BAD;
    await clock.advance(20_000);
    expect(said.join()).not.toContain("WATCHDOG");
    world.liveness = { ...GOOD, state: "degraded" };
    await clock.advance(10_000);

    expect(said.at(-1)).toContain("WATCHDOG=1");
  });

  test("lives on while the database is away, since a fresh start would not bring that back", async () => {
    const { manager, clock, said, world } = setUp();
    manager.ready();
    Object.assign(world, { liveness: BAD, isStoreUp: false });
    await clock.advance(10_000);

    expect(said.at(-1)).toContain("WATCHDOG=1");
  });

  test("says nothing where nobody asked for it", async () => {
    const { manager, clock, said } = setUp({ WATCHDOG_USEC: "30000000" });
    manager.ready();
    await clock.advance(60_000);
    manager.stopping();

    expect(said).toEqual([]);
  });

  test("gives no signs of life to a manager without a watchdog", async () => {
    const { manager, clock, said } = setUp({ NOTIFY_SOCKET: "/run/x" });
    manager.ready();
    await clock.advance(60_000);

    expect(said).toHaveLength(1);
  });

  test("warns once when it cannot be heard, and goes on trying", async () => {
    const { manager, clock, said, warnings, world } = setUp();
    world.isDeaf = true;
    manager.ready();
    await clock.advance(30_000);
    expect(warnings).toEqual(["the service manager cannot be told how the hub is: nobody listens"]);
    world.isDeaf = false;
    await clock.advance(10_000);

    expect(said).toHaveLength(1);
  });
});

withPrograms("the socket of a service manager", ["systemd-notify", "perl"], () => {
  /** Prints what comes in at a datagram socket, a message a line. */
  const LISTEN = `use Socket; $|=1; socket(S,PF_UNIX,SOCK_DGRAM,0); bind(S,sockaddr_un($ARGV[0])) or die;
    print "bound\\n"; while(defined recv(S,$b,4096,0)){ $b =~ s/\\n/ /g; print "$b\\n" }`;
  const started: ChildProcess[] = [];
  const folders: string[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  test("hears of readiness, status and life", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-notify-"));
    folders.push(folder);
    const socket = join(folder, "s");
    const listener = spawn("perl", ["-e", LISTEN, socket], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    started.push(listener);
    let heard = "";
    listener.stdout.on("data", (data: Buffer) => (heard += data.toString()));
    await until(() => heard.includes("bound"), 10_000, "the socket");
    const manager = serviceManager({
      environment: { text: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "600000" } },
      machineClock,
      liveness: () => GOOD,
      isStoreUp: () => true,
      warn: (line) => expect.fail(line),
    });

    manager.ready();
    await until(() => heard.includes("WATCHDOG=1"), 10_000, "a sign of life");
    manager.stopping();
    await until(() => heard.includes("STOPPING=1"), 10_000, "the end");

    expect(heard).toMatch(/READY=1/);
    expect(heard).toMatch(/STATUS=healthy: 8 series due, 0 late/);
  });
});
