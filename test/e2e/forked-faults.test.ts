import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allActors, allCandles } from "./kit/api.ts";
import {
  descendants,
  FAULTS,
  type Fault,
  harvesterOf,
  inflict,
  isAlive,
  startForkedHub,
} from "./kit/forked-hub.ts";
import { dataFolder, type HubProcess, until } from "./kit/hub-process.ts";

const MINUTE_MS = 60_000;

describe("a hub whose harvester's process goes wrong", () => {
  const folder = dataFolder();
  let hub: HubProcess;

  beforeAll(async () => {
    hub = await startForkedHub(folder.path, { HUB_SPEED: "15" });
    await candlesBeyond(500);
  }, 120_000);

  afterAll(async () => {
    await hub.stop("SIGKILL");
    folder.remove();
  });

  async function candlesBeyond(count: number): Promise<readonly number[]> {
    return until(
      async () => {
        const times = (await allCandles(hub, "BTC/USDT", "1m")).map(({ openTime }) => openTime);
        return times.length > count && times;
      },
      60_000,
      `more than ${count} candles`,
    );
  }

  test.each(Object.keys(FAULTS) as Fault[])(
    "puts another in its place after %s, and misses no candle",
    async (fault) => {
      const before = await harvesterOf(hub);
      const stored = (await candlesBeyond(0)).length;
      await inflict(hub, fault);
      const times = await candlesBeyond(stored + 2);
      const { gaps } = await hub.get<{ gaps: unknown[] }>("/api/v1/gaps");

      expect((await harvesterOf(hub)).restarts).toBe(before.restarts + 1);
      expect(isAlive(before.pid ?? 0)).toBe(false);
      expect(times).toEqual(times.map((_, i) => (times[0] ?? 0) + i * MINUTE_MS));
      expect(gaps).toEqual([]);
    },
    120_000,
  );

  test("restarts nobody else on its account", async () => {
    const actors = await allActors(hub);
    const restarted = actors.filter(({ restarts }) => restarts > 0).map(({ id }) => id);

    expect(restarted).toEqual([(await harvesterOf(hub)).id]);
    expect(actors.filter(({ state }) => state !== "up")).toEqual([]);
  });

  test("leaves no process behind when it is killed beside a harvester that hangs", async () => {
    const below = descendants(hub.pid);
    const { pid = 0 } = await harvesterOf(hub);
    process.kill(pid, FAULTS["a loop that never yields"]);
    await hub.stop("SIGKILL");
    await until(() => !below.some(isAlive), 30_000, "the end of all below the hub");

    expect(below).toContain(pid);
    expect(below.filter(isAlive)).toEqual([]);
  }, 60_000);
});
