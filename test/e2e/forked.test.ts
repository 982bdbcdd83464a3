import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiNode, allActors, allCandles } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { WOUNDS } from "./kit/wounds.ts";

type Forked = ApiNode & { readonly pid?: number };

describe("a hub whose harvesters have processes of their own", () => {
  const folder = dataFolder();
  let hub: HubProcess;

  beforeAll(async () => {
    hub = await HubProcess.start(folder.path, { HUB_SPEED: "30", HUB_FORK_HARVESTERS: "true" });
  }, 120_000);

  afterAll(async () => {
    await hub.stop();
    folder.remove();
  });

  async function harvester(): Promise<Forked | undefined> {
    return (await allActors(hub)).find((actor) => actor.id.endsWith("harvester:binance"));
  }

  function candlesBeyond(count: number): Promise<number> {
    return until(
      async () => {
        const { length } = await allCandles(hub, "BTC/USDT", "1m");
        return length > count ? length : undefined;
      },
      40_000,
      `more than ${count} candles`,
    );
  }

  test("stores live candles", async () => {
    expect(await candlesBeyond(502)).toBeGreaterThan(502);
    expect((await harvester())?.pid).not.toBe(hub.pid);
  });

  test.each(Object.entries(WOUNDS))(
    "replaces a harvester that %s, and nobody else notices",
    async (_name, wound) => {
      const before = await harvester();
      const stored = (await allCandles(hub, "BTC/USDT", "1m")).length;
      wound(before?.pid ?? 0);
      const after = await until(
        async () => {
          const now = await harvester().catch(() => undefined);
          return now?.state === "up" && now.pid !== before?.pid ? now : undefined;
        },
        30_000,
        "another process",
      );
      await candlesBeyond(stored + 2);
      const candles = await allCandles(hub, "BTC/USDT", "1m");

      expect(after.restarts).toBe((before?.restarts ?? 0) + 1);
      expect(() => process.kill(before?.pid ?? 0, 0)).toThrow("ESRCH");
      expect(candles.every((c, i) => c.openTime === (candles[0]?.openTime ?? 0) + i * 60_000)).toBe(
        true,
      );
      const others = (await allActors(hub)).filter(({ id }) => !id.endsWith("harvester:binance"));
      expect(others.filter(({ restarts, state }) => restarts > 0 || state !== "up")).toEqual([]);
    },
  );

  test("stops with the hub, and leaves no process behind", async () => {
    const pid = (await harvester())?.pid ?? 0;
    const end = await hub.stop();

    expect(end.code).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

describe("a hub with forked harvesters that is killed itself", () => {
  test.each([
    ["runs", () => {}],
    ["hangs", (pid: number) => process.kill(pid, "SIGSTOP")],
  ])(
    "leaves no process behind while its harvester %s",
    async (_name, wound) => {
      const folder = dataFolder();
      const hub = await HubProcess.start(folder.path, { HUB_FORK_HARVESTERS: "true" });
      const pid =
        (await allActors(hub)).find(({ id }) => id.endsWith("harvester:binance"))?.pid ?? 0;
      wound(pid);

      await hub.stop("SIGKILL");
      await until(() => !isThere(pid), 10_000, "the end of the harvester");

      expect(isThere(pid)).toBe(false);
      folder.remove();
    },
    60_000,
  );
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
