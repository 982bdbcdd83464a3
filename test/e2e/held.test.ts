import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { MIGRATIONS_DIR } from "../kit/store.ts";
import { accepted, fill, filledStep, MONDAY, request, traderFence } from "../store/builders.ts";
import type { ApiOrder } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";

/** A database as a hub leaves it behind that holds a position, and whose last series was removed. */
async function leaveBehind(dataDir: string): Promise<void> {
  const opened = await openStore({ dataDir, migrationsDir: MIGRATIONS_DIR, log: () => {} });
  const { trade, watch } = opened.store;
  await watch.firstUse();
  await trade.openAccount("paper", "USDT", "10000", MONDAY);
  // Above any price: the stop is reached with the first quote.
  const order = request("held", { stopLoss: "100000000" });
  await trade.decide([accepted("held", order)], (await trade.riskState(MONDAY)).revision);
  const fence = await traderFence(opened.store);
  for (const item of await trade.claim("earlier", 1, 60_000, fence))
    await trade.finish(item, "earlier");
  await trade.createOrder(order, MONDAY, fence);
  const bought = fill(order, "f-1");
  // The broker holds it as well: of what it knows nothing, nothing is sold.
  const word = { kind: "accepted", state: "filled", fills: [bought] } as const;
  await opened.store.paper.keep(order, word, MONDAY);
  await trade.settle(filledStep(order, bought, undefined, "-50.35"));
  await opened.stop();
}

describe("a hub that starts with a position and nothing to follow", () => {
  const folder = dataFolder();
  let hub: HubProcess;

  beforeAll(async () => {
    await leaveBehind(folder.path);
    hub = await HubProcess.start(folder.path);
  }, 120_000);

  afterAll(async () => {
    await hub.stop();
    folder.remove();
  });

  test("looks after its stop all the same", async () => {
    const { watchlist } = await hub.get<{ watchlist: unknown[] }>("/api/v1/watchlist");
    const exit = await until(
      async () => {
        const { orders } = await hub.get<{ orders: ApiOrder[] }>("/api/v1/orders");
        return orders.find(({ origin, state }) => origin === "stop-loss" && state === "filled");
      },
      30_000,
      "the stop to be filled",
    );

    expect(watchlist).toEqual([]);
    expect(exit).toMatchObject({ exchange: "binance", pair: "BTC/USDT", side: "sell" });
  }, 60_000);
});
