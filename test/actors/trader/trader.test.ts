import { describe, expect, test } from "vitest";
import { position } from "../../kit/builders.ts";
import { haltOrder } from "../../kit/halts.ts";
import { request, setUp } from "./world.ts";

const sell = request({ clientOrderId: "hub-2", side: "sell", quantity: "0.05" });

describe("a trader", () => {
  test("takes an order from the queue to its fills, position and cash", async () => {
    const { trader, trade, broker, kinds, state } = setUp();
    trade.enqueue(request());

    await trader.work();

    expect(broker.placed).toMatchObject([{ clientOrderId: "hub-1", quantity: "0.1" }]);
    expect([state(), trade.items[0]?.status]).toEqual(["filled", "done"]);
    expect([...trade.held.values()]).toMatchObject([{ id: "hub-1", quantity: "0.1" }]);
    expect(trade.money.cash).toBe("6999");
    expect(kinds()).toEqual(["order-filled", "order-filled", "order-filled"]);
  });

  test("writes an order down before it sends it, and sends it once", async () => {
    const { trader, trade, broker, state } = setUp();
    trade.enqueue(request());
    const place = broker.place.bind(broker);
    const before: (string | undefined)[] = [];
    broker.place = (order) => {
      before.push(state());
      return place(order);
    };

    await trader.work();
    await trader.work();

    expect([before, broker.placed.length, broker.asked]).toEqual([["created"], 1, []]);
  });

  test("takes the rest of the queue when the venue refuses one order", async () => {
    const { trader, trade, broker, state } = setUp();
    broker.script.push("reject", "half");
    trade.enqueue(request());
    trade.enqueue(request({ clientOrderId: "hub-3", pair: "ETH/USDT" }));

    await trader.work();

    expect([state(), state("hub-3")]).toEqual(["rejected", "cancelled"]);
    expect([...trade.held.values()]).toMatchObject([{ id: "hub-3", quantity: "0.05" }]);
  });

  test("sends no buy while trading is halted, whatever waits in the queue, and sells all the same", async () => {
    const { trader, trade, broker, state } = setUp();
    trade.enqueue(request());
    await trader.work();
    trade.enqueue(request({ clientOrderId: "hub-4", pair: "ETH/USDT" }));
    trade.enqueue(request({ clientOrderId: "hub-5", side: "sell" }));
    await trade.halt(haltOrder(), 0);

    await trader.work();

    expect([state(), state("hub-4"), state("hub-5")]).toEqual(["filled", "rejected", "filled"]);
    expect(broker.placed.map((order) => order.clientOrderId)).toEqual(["hub-1", "hub-5"]);
  });

  test("asks the broker first when an order comes a second time, and takes its word", async () => {
    const { life, trade, broker, state } = setUp();
    trade.enqueue(request());
    await trade.createOrder(request(), 0, trade.fence);
    await broker.place(request());

    await life().work();

    expect([broker.asked, broker.placed.length, state()]).toEqual([["hub-1"], 1, "filled"]);
  });

  test("sends an order it wrote down before a crash only when it cannot arrive late any more", async () => {
    const { trader, trade, broker, clock, state } = setUp();
    trade.enqueue(request());
    await trade.createOrder(request(), clock.nowMs(), trade.fence);

    await trader.work();
    expect([broker.placed.length, trade.items[0]?.status]).toEqual([0, "claimed"]);
    await clock.advance(30_000);
    trade.releaseClaims();
    await trader.work();

    expect([broker.placed.length, state(), trade.items[0]?.status]).toEqual([1, "filled", "done"]);
  });

  test("waits with an order it wrote down before a crash while the broker does not answer", async () => {
    const { trader, trade, broker, clock } = setUp();
    trade.enqueue(request());
    await trader.guard();
    await trade.createOrder(request(), 0, trade.fence);
    broker.isDown = true;
    await clock.advance(60_000);

    await trader.work();

    expect([broker.placed.length, trade.items[0]?.status]).toEqual([0, "claimed"]);
  });

  test("settles a cut-off order by what the broker finds, and never sends it again", async () => {
    const { trader, trade, broker, state, kinds } = setUp();
    broker.script.push("cut-after");
    trade.enqueue(request());

    await trader.work();
    expect([state(), trade.held.size]).toEqual(["unknown", 0]);
    await trader.guard();
    await trader.guard();

    expect([state(), broker.placed.length, trade.held.size]).toEqual(["filled", 1, 1]);
    expect(kinds().filter((kind) => kind === "order-unknown")).toHaveLength(1);
  });

  test("gives a cut-off order up only when the venue has denied it for half a minute", async () => {
    const { trader, trade, broker, clock, state } = setUp();
    broker.script.push("cut-before");
    trade.enqueue(request());
    await trader.work();

    await clock.advance(29_999);
    await trader.guard();
    expect(state()).toBe("unknown");
    broker.isDown = true;
    await clock.advance(1);
    await trader.guard();
    expect(state()).toBe("unknown");
    broker.isDown = false;
    await trader.guard();

    expect([state(), broker.placed.length]).toEqual(["rejected", 1]);
  });

  test("does not send a cut-off order again when it comes from the queue a second time", async () => {
    const { trader, trade, broker, state } = setUp();
    broker.script.push("cut-before");
    trade.enqueue(request());
    await trader.work();
    const [item] = trade.items;
    if (item !== undefined) trade.items[0] = { ...item, status: "pending" };

    await trader.work();

    expect([broker.placed.length, state()]).toEqual([1, "unknown"]);
  });

  test("follows an order the venue still works on, and says only what is new", async () => {
    const { trader, trade, broker, state, kinds } = setUp();
    broker.script.push("open");
    trade.enqueue(request());
    await trader.work();
    await trader.guard();
    await trader.guard();
    broker.script.push("fill");
    await broker.place(request());

    await trader.guard();

    expect(state()).toBe("filled");
    expect(kinds().slice(0, 2)).toEqual(["order-open", "order-filled"]);
  });

  test("sells no more than is held", async () => {
    const { trader, trade, broker } = setUp();
    trade.held.set("p", position({ quantity: "0.020004", bought: "0.020004" }));
    trade.enqueue(sell);

    await trader.work();

    expect(broker.placed).toMatchObject([{ side: "sell", quantity: "0.02" }]);
  });

  test("sends no sale when nothing is held any more", async () => {
    const { trader, trade, broker, state } = setUp();
    trade.enqueue(sell);

    await trader.work();

    expect([broker.placed, state("hub-2")]).toEqual([[], "rejected"]);
  });

  test("holds on to what it does while the database is away", async () => {
    const { trader, trade, broker, clock, state, kinds } = setUp();
    trade.enqueue(request());
    const claim = trade.claim.bind(trade);
    const { StoreFailure } = await import("../../../src/store/errors.ts");
    trade.claim = () => {
      trade.claim = claim;
      return Promise.reject(new StoreFailure("offline", "08006", "away"));
    };

    const working = trader.work();
    await clock.advance(1_000);
    await working;

    expect([broker.placed.length, state(), kinds()[0]]).toEqual([1, "filled", "store-changed"]);
  });

  test("looks every half second, and at its start, until it is stopped", async () => {
    const { trader, context, clock } = setUp();
    context.self.answers.work = () => trader.work();
    context.self.answers.guard = () => trader.guard();

    trader.start();
    await clock.advance(1_000);

    const topics = context.self.received.map((one) => one.topic);
    expect(topics).toEqual(["work", "guard", "work", "guard", "work"]);
    trader.stop();
    expect(clock.pending).toBe(0);
  });

  test("tells itself nothing that it has told itself already and not begun", async () => {
    const { trader, context, clock } = setUp();

    trader.start();
    await clock.advance(600_000);

    expect(context.self.received.map((one) => one.topic)).toEqual(["work", "guard"]);
  });

  test("sends no buy that has waited too long, as through an outage; a sale it does", async () => {
    const { trader, trade, broker, clock, state, kinds } = setUp();
    trade.enqueue(request());
    trade.held.set("p", position());
    trade.enqueue(request({ clientOrderId: "hub-2", side: "sell", pair: position().pair }));
    await clock.advance(300_000);

    await trader.work();

    expect(broker.placed).toMatchObject([{ clientOrderId: "hub-2" }]);
    expect([state(), state("hub-2")]).toEqual(["rejected", "filled"]);
    expect(kinds()[0]).toBe("order-rejected");
    expect((await trade.account()).reserved).toBe("0");
  });

  test("lets whoever took a claim over end it, and goes on", async () => {
    const { trader, trade, broker } = setUp();
    trade.enqueue(request());
    trade.enqueue(request({ clientOrderId: "hub-3", pair: "ETH/USDT" }));
    const place = broker.place.bind(broker);
    broker.place = async (order) => {
      const [item] = trade.items;
      if (item !== undefined) trade.items[0] = { ...item, attempts: 2 };
      return place(order);
    };

    await trader.work();

    expect(trade.items.map(({ status }) => status)).toEqual(["claimed", "done"]);
  });
});
