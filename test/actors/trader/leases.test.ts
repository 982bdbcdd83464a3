import { describe, expect, test } from "vitest";
import { position } from "../../kit/builders.ts";
import { request, setUp } from "./world.ts";

const held = position({ stopLoss: "29000" });
const other = request({ clientOrderId: "hub-2", pair: "ETH/USDT" });

/** A trader whose lease goes while something of the store or the broker is at work. */
function losing() {
  const world = setUp();
  const { trade, broker, lease } = world;
  /** Another hub holds the lease; this one knows, or does not know yet. */
  const lose = (isKnown = true): void => {
    trade.epoch += 1;
    if (isKnown) lease.fence = undefined;
  };
  const after = <Name extends "createOrder" | "fillIds">(name: Name, what: () => void): void => {
    const call = trade[name].bind(trade) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(trade, {
      [name]: async (...args: unknown[]) => {
        const answer = await call(...args);
        what();
        return answer;
      },
    });
  };
  const whilePlacing = (what: () => void): void => {
    const place = broker.place.bind(broker);
    broker.place = async (order) => {
      const outcome = await place(order);
      what();
      return outcome;
    };
  };
  return { ...world, lose, after, whilePlacing };
}

describe("a trader without its lease", () => {
  test("does nothing: it takes no order, guards no position, writes no picture", async () => {
    const { trader, trade, broker, market, lease, db } = setUp();
    lease.fence = undefined;
    trade.enqueue(request());
    trade.held.set(held.id, held);
    market.bid = "28000";

    await trader.work();
    await trader.guard();

    expect([broker.placed, broker.asked, db.pings, trade.marks]).toEqual([[], [], [], []]);
    expect(trade.items).toMatchObject([{ status: "pending", attempts: 0 }]);
  });

  test("takes up the work when it gains it", async () => {
    const { trader, trade, broker, lease } = setUp();
    lease.fence = undefined;
    trade.enqueue(request());
    await trader.work();

    lease.fence = trade.fence;
    await trader.work();

    expect([broker.placed.length, trade.items[0]?.status]).toEqual([1, "done"]);
  });
});

describe("a trader that loses its lease", () => {
  test("leaves the rest of what it took from the queue to the next", async () => {
    const { trader, trade, broker, lose, whilePlacing, state } = losing();
    trade.enqueue(request());
    trade.enqueue(other);
    whilePlacing(lose);

    await trader.work();

    expect(broker.placed.map((order) => order.clientOrderId)).toEqual(["hub-1"]);
    expect([state("hub-1"), state("hub-2")]).toEqual(["filled", undefined]);
    expect(trade.items).toMatchObject([{ status: "claimed" }, { status: "claimed" }]);
  });

  test("sends no order that it has written down already", async () => {
    const { trader, trade, broker, lose, after, state } = losing();
    trade.enqueue(request());
    after("createOrder", lose);

    await trader.work();

    expect([broker.placed, state()]).toEqual([[], "created"]);
  });

  test("sends it neither when it has gained it anew: another may have sent it", async () => {
    const { trader, trade, broker, lease, lose, after } = losing();
    trade.enqueue(request());
    after("createOrder", () => {
      lose();
      lease.fence = trade.fence;
    });

    await trader.work();

    expect(broker.placed).toEqual([]);
  });

  test("stops without a failure when the database knows it first", async () => {
    const { trader, trade, broker, market, lose } = losing();
    trade.enqueue(request());
    trade.held.set(held.id, held);
    market.bid = "28000";
    lose(false);

    await trader.work();
    await trader.guard();

    expect([broker.placed, trade.ordersById.size]).toEqual([[], 0]);
  });

  test("writes down what the venue has done all the same, on the position as it is by then", async () => {
    const { trader, trade, lose, after, whilePlacing, state } = losing();
    trade.enqueue(request());
    whilePlacing(() => {
      after("fillIds", () => {
        if (trade.epoch > 1) return;
        lose(false);
        // Whoever trades now has bought some of it in the meantime.
        trade.held.set(held.id, position({ id: held.id, quantity: "0.3", bought: "0.3" }));
      });
    });

    await trader.work();

    expect(state()).toBe("filled");
    expect(trade.held.get(held.id)).toMatchObject({ quantity: "0.4", bought: "0.4" });
    expect(trade.held.size).toBe(1);
  });

  test("gives up no order of unknown outcome: that is for the next to judge", async () => {
    const { trader, trade, broker, clock, lose, state } = losing();
    broker.script.push("cut-before");
    trade.enqueue(request());
    await trader.work();
    await clock.advance(60_000);
    lose(false);

    await trader.guard();

    expect(state()).toBe("unknown");
  });
});
