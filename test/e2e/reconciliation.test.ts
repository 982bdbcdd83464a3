import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Halt } from "../../src/market/halt.ts";
import { Secret } from "../../src/runtime/secret.ts";
import { sql } from "../kit/sql.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { type SharedDatabase, startSharedDatabase } from "./kit/shared-database.ts";

interface ApiOrder {
  readonly pair: string;
  readonly state: string;
  readonly createdAt: number;
}

const LIMIT_MS = 120_000;
const ETH = { exchange: "binance", pair: "ETH/USDT" };
/** Somebody buys at the broker by hand. */
const BOUGHT_BY_HAND = `
  insert into hub.paper_holdings as h (exchange, pair, quantity) values ('binance', 'ETH/USDT', 1)
  on conflict (exchange, pair) do update set quantity = h.quantity + 1`;

describe("a hub whose broker holds something else than its books say", () => {
  const folder = dataFolder();
  let database: SharedDatabase;
  let hub: HubProcess;
  const start = () =>
    HubProcess.start(folder.path, { HUB_SPEED: "60", DATABASE_URL: database.url });
  const halts = async () => (await hub.get<{ halts: Halt[] }>("/api/v1/halts")).halts;
  const compared = () =>
    until(
      async () =>
        /engine_reconciliations_total [1-9]/.test(await (await fetch(`${hub.url}/metrics`)).text()),
      LIMIT_MS,
      "a comparison",
    );

  beforeAll(async () => {
    database = await startSharedDatabase();
    hub = await start();
  }, LIMIT_MS);
  afterAll(async () => {
    await hub.stop();
    await database.close();
    folder.remove();
  });

  test("halts nothing while both agree", async () => {
    await compared();

    expect(await halts()).toEqual([]);
  });

  test(
    "puts that pair alone into quarantine before it sends anything of it",
    async () => {
      await hub.stop("SIGKILL");
      await sql({ url: new Secret(database.url) }, BOUGHT_BY_HAND);
      hub = await start();
      await compared();
      const { hubTime } = await hub.get<{ hubTime: number }>("/api/v1/status");

      expect(await halts()).toMatchObject([
        { scope: { kind: "pair", ...ETH }, mode: "quarantine", cause: "reconciliation", by: "hub" },
      ]);
      expect(await hub.get("/api/v1/reconciliation")).toMatchObject({
        last: { mismatches: 1 },
        failing: null,
        quarantined: [{ scope: { kind: "pair", ...ETH } }],
      });
      // A quarter of an hour of the hub's time.
      await new Promise((resolve) => setTimeout(resolve, 15_000));
      const { orders } = await hub.get<{ orders: ApiOrder[] }>("/api/v1/orders?limit=200");
      const sent = orders.filter(
        ({ pair, state, createdAt }) =>
          pair === ETH.pair && createdAt > hubTime && state !== "rejected",
      );
      expect(sent).toEqual([]);
    },
    LIMIT_MS,
  );

  test("is found by an operator, who lifts it once they agree again", async () => {
    await sql(
      { url: new Secret(database.url) },
      "update hub.paper_holdings set quantity = quantity - 1 where pair = 'ETH/USDT'",
    );
    const { status } = await hub.post("/api/v1/resume", { scope: { kind: "pair", ...ETH } });

    expect([status, await halts()]).toEqual([200, []]);
  });
});
