import { describe, expect, test } from "vitest";
import { sql } from "../../kit/sql.ts";
import { withStore } from "../../kit/store.ts";
import {
  accepted,
  DAY,
  decideNow,
  fill,
  filledStep,
  MONDAY,
  request,
  traderFence,
} from "../builders.ts";

describe("the worth of an account in the database", () => {
  const opened = withStore();

  test("tells money that was brought in or taken out from what trades did", async () => {
    const { store } = opened;
    const { trade } = store;
    const place = { socketDir: opened.server.socketDir };
    await trade.openAccount("paper", "USDT", "10000", MONDAY);
    await trade.mark("10000", MONDAY);
    await decideNow(store, [accepted("e-1")]);
    const order = request("e-1");
    await trade.createOrder(order, MONDAY, await traderFence(store));
    // Half a coin at 100.6, and a fee of 0.05 of the same currency.
    const step = filledStep(order, fill(order, "f-1"), undefined, "-50.35");
    for (const _ of [1, 2]) await trade.settle(step);
    await trade.mark("9999.95", MONDAY + 1);
    await sql(place, "update hub.account set cash = cash + 500.25");
    await trade.mark("10500.20", MONDAY + DAY);
    await sql(place, "update hub.account set cash = cash - 100");
    await trade.mark("10400.20", MONDAY + 2 * DAY);
    await trade.mark("10400.20", MONDAY + 2 * DAY);

    const told = await trade.equityDays(MONDAY);

    expect(told.map(({ flow }) => flow)).toEqual(["0", "500.25", "-100"]);
    expect(told[0]).toMatchObject({ open: "10000", close: "9999.95" });
  });

  test("has no day before there is an account", async () => {
    const place = { socketDir: opened.server.socketDir };
    await sql(place, "delete from hub.equity");
    await sql(place, "delete from hub.account");

    await opened.store.trade.mark("1", MONDAY);

    expect(await opened.store.trade.equityDays(0)).toEqual([]);
  });
});
