import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allActors, allCandles } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { type SharedDatabase, startSharedDatabase } from "./kit/shared-database.ts";

const MINUTE_MS = 60_000;
const PORTFOLIO = { name: "default", pairs: ["BTC/USDT"], timeframes: ["1m"] };

describe("a hub alone on a database that other hubs might share", () => {
  const folder = dataFolder();
  let database: SharedDatabase;
  let hub: HubProcess;

  beforeAll(async () => {
    database = await startSharedDatabase();
    hub = await HubProcess.start(folder.path, {
      DATABASE_URL: database.url,
      HUB_LEASE_TTL_MS: "3000",
      HUB_SPEED: "20",
      HUB_PORTFOLIOS: JSON.stringify([PORTFOLIO]),
    });
  }, 120_000);

  afterAll(async () => {
    await hub.stop("SIGKILL");
    await database.close();
    folder.remove();
  });

  const polls = async (): Promise<number> => {
    const text = await (await fetch(`${hub.url}/metrics`)).text();
    const counts = [...text.matchAll(/^engine_poll_duration_seconds_count\{.*\} (\d+)$/gm)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  };

  test("polls on through an outage longer than its leases live, and loses nothing by it", async () => {
    const stored = (await allCandles(hub, "BTC/USDT", "1m")).length;
    await until(
      async () => (await allCandles(hub, "BTC/USDT", "1m")).length > stored + 1,
      30_000,
      "live candles",
    );
    const before = await polls();

    database.crash();
    await until(() => hub.stderr.includes("lease trader is lost"), 20_000, "the traders' lease");
    await until(async () => (await polls()) >= before + 3, 40_000, "polls during the outage");
    await database.restart();
    const during = (await allCandles(hub, "BTC/USDT", "1m")).length;
    await until(
      async () => (await allCandles(hub, "BTC/USDT", "1m")).length > during + 4,
      40_000,
      "candles after the outage",
    );

    const candles = await allCandles(hub, "BTC/USDT", "1m");
    const first = candles[0]?.openTime ?? 0;
    expect(candles.filter(({ openTime }, i) => openTime !== first + i * MINUTE_MS)).toEqual([]);
    expect((await allActors(hub)).filter(({ restarts }) => restarts > 0)).toEqual([]);
    expect(hub.stderr).not.toContain("lease exchange:binance is lost");
    const { leases } = await hub.get<{ leases: { name: string; mine: boolean; epoch: number }[] }>(
      "/api/v1/leases",
    );
    // Both ran out in the database, and were taken anew by the hub that had them.
    expect(leases).toMatchObject([
      { name: "exchange:binance", mine: true, epoch: 2 },
      { name: "trader", mine: true, epoch: 2 },
    ]);
  }, 150_000);
});
