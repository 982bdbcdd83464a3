import { expect, test } from "vitest";
import { send } from "./kit/client.ts";
import { fill, open, setUp } from "./kit/world.ts";

test("an actor that is up and does no work is no good, and the late series are named", async () => {
  const world = setUp();
  fill(world.shelves);
  await world.view.refresh();
  const { url, server } = await open(world);
  const get = async (path: string) => (await send(url, path)).json as Record<string, unknown>;
  const series = { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" } as const;
  const late = [{ series, why: "no-thought", lateMs: 61_400 }] as const;

  world.hub.liveness = { state: "degraded", due: 4, late };
  expect(await get("/api/health")).toMatchObject({
    worker_status: "degraded",
    work: {
      series_due: 4,
      series_late: 1,
      late: [{ series: "binance:BTC/USDT:1m", reason: "no-thought", late_seconds: 61 }],
    },
  });
  world.hub.liveness = { state: "unhealthy", due: 1, late };
  expect(await get("/api/health")).toMatchObject({ worker_status: "unhealthy" });
  expect(await get("/api/snapshot")).toMatchObject({ system_status: "DEGRADED" });
  await server.stop(500);
});
