import { describe, expect, test } from "vitest";
import { StoreFailure } from "../../../src/store/errors.ts";
import { NOON, position } from "../../kit/builders.ts";
import { halt } from "../../kit/halts.ts";
import { request, setUp } from "./world.ts";

const held = position({ stopLoss: "29000", takeProfit: "31000" });

describe("a trader that guards positions", () => {
  test.each([
    ["28999", "stop-loss"],
    ["31000", "take-profit"],
  ])("sells once at a bid of %s, as %s", async (bid, origin) => {
    const { trader, trade, broker, market, events } = setUp();
    trade.held.set(held.id, held);
    market.bid = bid;

    await trader.guard();
    await trader.guard();

    expect(broker.placed).toMatchObject([{ origin, side: "sell", quantity: "0.05" }]);
    expect(trade.held.get(held.id)).toMatchObject({ quantity: "0" });
    expect(events.find((e) => e.kind === "position-closed")).toMatchObject({ origin });
  });

  test("does not sell at a quote from before an outage, but looks again after it", async () => {
    const { trader, trade, broker, market, clock, db } = setUp(0);
    trade.held.set(held.id, held);
    market.bid = "28999";
    const createOrder = trade.createOrder.bind(trade);
    let failures = 20;
    trade.createOrder = async (...args) => {
      if (failures-- > 0) throw new StoreFailure("offline", "08006", "away");
      market.bid = "30000";
      return createOrder(...args);
    };

    const guarding = trader.guard();
    await clock.advance(60_000);
    await guarding;

    expect([broker.placed, db.snapshots]).toEqual([[], []]); // nor is the account marked by it
    await trader.guard();
    expect(broker.placed).toEqual([]);
    expect(trade.held.get(held.id)).toMatchObject({ quantity: "0.05" });
  });

  test("leaves a position alone between its stop and its target", async () => {
    const { trader, trade, broker } = setUp();
    trade.held.set(held.id, held);

    await trader.guard();

    expect(broker.placed).toEqual([]);
  });

  test("tries a refused exit again later, under a new id", async () => {
    const { trader, trade, broker, market, clock } = setUp();
    trade.held.set(held.id, held);
    market.bid = "28000";
    broker.script.push("reject", "reject");

    const tries: number[] = [];
    for (const waitMs of [0, 999, 1, 1_999, 1]) {
      await clock.advance(waitMs);
      await trader.guard();
      tries.push(broker.placed.length);
    }

    expect(tries).toEqual([1, 1, 2, 2, 3]);
    expect(new Set(broker.placed.map((order) => order.clientOrderId)).size).toBe(3);
    expect(trade.held.get(held.id)).toMatchObject({ quantity: "0" });
  });

  test("does not wait with a refused exit for a clock that was set back", async () => {
    const { trader, trade, broker, market, clock } = setUp();
    trade.held.set(held.id, held);
    market.bid = "28000";
    broker.script.push("reject");
    await trader.guard();
    clock.step(-172_800_000);
    await trader.guard();

    expect(broker.placed).toHaveLength(2);
  });

  test("sells the rest after an exit that was done in part", async () => {
    const { trader, trade, broker, market } = setUp();
    trade.held.set(held.id, held);
    market.bid = "28000";
    broker.script.push("half");

    await trader.guard();
    await trader.guard();

    expect(broker.placed.map((order) => order.quantity)).toEqual(["0.05", "0.025"]);
    expect(trade.held.get(held.id)).toMatchObject({ quantity: "0" });
  });

  test("sends no second sale while the outcome of the first is unknown", async () => {
    const { trader, trade, broker, market } = setUp();
    trade.held.set(held.id, held);
    trade.enqueue(request({ side: "sell", quantity: "0.05" }));
    broker.script.push("cut-after");
    await trader.work();
    broker.isDown = true;
    market.bid = "28000";

    await trader.guard();
    expect(broker.placed).toHaveLength(1);
    broker.isDown = false;
    await trader.guard();

    expect(broker.placed).toHaveLength(1);
    expect(trade.held.get(held.id)).toMatchObject({ quantity: "0" });
  });

  test("gives up an exit that was written down before a crash and never sent, and makes a new one", async () => {
    const { trader, trade, broker, market, clock } = setUp();
    trade.held.set(held.id, held);
    market.bid = "28000";
    const place = broker.place.bind(broker);
    broker.place = () => Promise.reject(new Error("killed"));
    await expect(trader.guard()).rejects.toThrow("killed");
    broker.place = place;

    await trader.guard();
    expect(broker.placed).toEqual([]);
    await clock.advance(30_000);
    await trader.guard();
    await clock.advance(1_000);
    await trader.guard();

    expect(broker.placed).toHaveLength(1);
    expect(trade.held.get(held.id)).toMatchObject({ quantity: "0" });
    expect(await trade.orders({ working: true, limit: 9 })).toEqual([]);
  });

  test("leaves what it has no price for to the next look", async () => {
    const { trader, trade, broker, market } = setUp();
    trade.held.set(held.id, held);
    trade.held.set("far", position({ id: "far", exchange: "oanda" }));
    market.bid = "28000";
    market.failing.add("quotes");

    await trader.guard();
    expect(broker.placed).toEqual([]);
    market.failing.clear();
    await trader.guard();

    expect(broker.placed).toHaveLength(1);
  });
});

describe("a bookkeeper", () => {
  test("writes the picture of the account at its cadence, and marks the account", async () => {
    const { trader, trade, db, clock } = setUp();
    trade.held.set(held.id, held);
    trade.stops = [halt()];

    for (const waitMs of [0, 59_999, 1]) {
      await clock.advance(waitMs);
      await trader.guard();
    }

    expect(db.snapshots).toHaveLength(2);
    expect(db.pings).toEqual(["healthy", "healthy"]);
    expect(trade.marks).toEqual(["11499.95", "11499.95"]);
    expect(db.snapshots[0]).toMatchObject({
      account_balance: "10000",
      open_pnl: "-1.55",
      kill_switch_active: true,
      open_positions: [{ symbol: "BTC/USDT", side: "buy", quantity: "0.05" }],
      risk_metrics: { equity: "11499.95", exposure: "1499.95" },
      pnl_today: "1499.95",
      trades_today: 0,
    });
  });

  test("counts what was sold since the quotes came once, as cash", async () => {
    const { bookkeeper, trade } = setUp();
    const quote = { pair: held.pair, bid: "30000", ask: "30001", at: NOON };

    const quotes = new Map([[`${held.exchange}:${held.pair}`, quote]]);
    await bookkeeper.keep([held], quotes, () => quote.bid);

    expect(trade.marks).toEqual([trade.money.cash]);
  });

  test("marks what has no quote by what was bid last, or by its newest candle", async () => {
    const first = setUp();
    first.trade.held.set(held.id, held);
    await first.trader.guard();
    first.market.failing.add("quotes");
    await first.clock.advance(60_000);
    await first.trader.guard();
    const second = setUp();
    second.trade.held.set(held.id, held);
    second.closes.set(held.pair, "28000");
    second.market.failing.add("quotes");
    await second.trader.guard();

    expect(first.trade.marks).toEqual(["11499.95", "11499.95"]);
    expect(second.trade.marks).toEqual(["11400"]);
  });

  test("waits where nobody knows a price rather than mark a position wrongly", async () => {
    const { trader, trade, db, market } = setUp();
    trade.held.set(held.id, held);
    market.failing.add("quotes");

    await trader.guard();
    expect(db.snapshots).toEqual([]);
    market.failing.clear();
    await trader.guard();

    expect(db.snapshots).toHaveLength(1);
  });

  test("notes at its cadence that the hub runs, and the quotes it guards by", async () => {
    const { trader, trade, db, clock } = setUp();
    const start = clock.nowMs();
    trade.held.set(held.id, held);

    for (const waitMs of [0, 59_999, 1]) {
      await clock.advance(waitMs);
      await trader.guard();
    }

    expect(db.signs).toEqual([start, start + 60_000]);
    const quote = { exchange: "binance", pair: "BTC/USDT", bid: "29999", ask: "30001" };
    expect(db.prices).toEqual([[{ ...quote, at: start }], [{ ...quote, at: start + 60_000 }]]);
  });

  test("notes that also while prices are missing, and no oftener for it", async () => {
    const { trader, trade, db, market, clock } = setUp();
    trade.held.set(held.id, held);
    market.failing.add("quotes");

    for (const waitMs of [0, 1_000, 1_000]) {
      await clock.advance(waitMs);
      await trader.guard();
    }

    expect([db.snapshots.length, db.signs.length, db.prices]).toEqual([0, 1, [[]]]);
  });

  test("repeats what the database did not take", async () => {
    const { trader, db, clock } = setUp();
    db.offlineCalls = 1;

    const guarding = trader.guard();
    await clock.advance(1_000);
    await guarding;

    expect([db.signs.length, db.prices.length, db.snapshots.length]).toEqual([1, 1, 1]);
  });

  test("writes no more than once a second, however short its cadence", async () => {
    const { trader, db, clock } = setUp(1);

    for (const waitMs of [0, 500, 499, 1]) {
      await clock.advance(waitMs);
      await trader.guard();
    }

    expect(db.snapshots).toHaveLength(2);
  });
});
