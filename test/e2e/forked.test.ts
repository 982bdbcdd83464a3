import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiNode, allActors, allCandles } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";

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

  test("starts a killed harvester again, and misses no candle", async () => {
    const before = await harvester();
    const stored = (await allCandles(hub, "BTC/USDT", "1m")).length;
    process.kill(before?.pid ?? 0, "SIGKILL");
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

    expect(after.restarts).toBe(1);
    expect(candles.every((c, i) => c.openTime === (candles[0]?.openTime ?? 0) + i * 60_000)).toBe(
      true,
    );
  });

  test("stops with the hub, and leaves no process behind", async () => {
    const pid = (await harvester())?.pid ?? 0;
    const end = await hub.stop();

    expect(end.code).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
