import { describe, expect, test } from "vitest";
import { position } from "../../kit/builders.ts";
import { request, setUp } from "./world.ts";

const BTC = { exchange: "binance", pair: "BTC/USDT" };
const held = position({ stopLoss: "29000" });
/** What somebody did at the broker behind the hub's back. */
const SOLD_BY_HAND = { holdings: [{ ...BTC, quantity: "0.01" }], openOrders: [] };
const QUARANTINE = {
  scope: { kind: "pair", ...BTC },
  mode: "quarantine",
  cause: "reconciliation",
  by: "hub",
};

describe("a trader whose broker says otherwise", () => {
  test("quarantines that pair before it sends anything, and trades the others", async () => {
    const { trader, trade, broker, market, state } = setUp();
    trade.held.set(held.id, held);
    broker.books = SOLD_BY_HAND;
    market.bid = "28000"; // the stop is due
    trade.enqueue(request({ clientOrderId: "hub-6", side: "sell", quantity: "0.05" }));
    trade.enqueue(request({ clientOrderId: "hub-7", pair: "ETH/USDT" }));

    await trader.work();
    await trader.guard();

    expect(trade.stops).toMatchObject([
      { ...QUARANTINE, reason: "the books hold 0.05, the broker holds 0.01" },
    ]);
    expect(broker.placed.map(({ clientOrderId }) => clientOrderId)).toEqual(["hub-7"]);
    expect(state("hub-6")).toBe("rejected");
    expect(trade.held.get(held.id)).toEqual(held); // nothing is presumed
  });

  test("finds it within a minute of trading, and tells of it once", async () => {
    const { trader, trade, broker, clock, events } = setUp();
    trade.held.set(held.id, held);
    await trader.guard();
    expect(trade.stops).toEqual([]);
    broker.books = SOLD_BY_HAND;

    for (let second = 0; second < 180; second += 1) {
      await clock.advance(1_000);
      await trader.guard();
    }

    expect(trade.stops).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === "trading-halted")).toHaveLength(1);
    const compared = events.flatMap((e) => (e.kind === "books-compared" ? [e.mismatches] : []));
    expect(compared).toEqual([0, 1, 1, 1]);
  });

  test("goes into quarantine again while they differ, and stays out once they do not", async () => {
    const { trader, trade, broker, clock } = setUp();
    trade.held.set(held.id, held);
    broker.books = SOLD_BY_HAND;
    await trader.guard();
    const lift = () => trade.resume({ kind: "pair", ...BTC }, "ann", 0);

    await lift();
    await clock.advance(60_000);
    await trader.guard();
    expect(trade.stops).toHaveLength(1);
    broker.books = undefined;
    await lift();
    await clock.advance(60_000);
    await trader.guard();

    expect(trade.stops).toEqual([]);
  });

  test("sends nothing at its start until the broker has said what it holds", async () => {
    const { trader, trade, broker, clock } = setUp();
    trade.enqueue(request());
    broker.isDown = true;
    await trader.work();
    await trader.guard();
    expect(broker.placed).toEqual([]);

    broker.isDown = false;
    await clock.advance(2_000);
    await trader.work();

    expect(broker.placed).toHaveLength(1);
  });

  test("compares anew when it trades again after another hub did", async () => {
    const { trader, trade, broker, clock, lease } = setUp();
    await trader.guard();
    trade.epoch += 1;
    lease.fence = { ...trade.fence };
    broker.isDown = true;
    trade.enqueue(request());

    await clock.advance(2_000);
    await trader.work();
    expect(broker.placed).toEqual([]);
    broker.isDown = false;
    await clock.advance(2_000);
    await trader.work();

    expect(broker.placed).toHaveLength(1);
  });

  test("quarantines a pair whose open order the venue does not know any more", async () => {
    const { trader, trade, broker, state } = setUp();
    broker.script.push("open");
    trade.enqueue(request());
    await trader.work();
    expect(state()).toBe("open");
    broker.known.clear();

    await trader.guard();

    expect(trade.stops).toMatchObject([
      { ...QUARANTINE, reason: /hub-1 is open in the books/ as never },
    ]);
    expect(state()).toBe("open");
  });

  test("says once why books and broker cannot be compared", async () => {
    const { trader, broker, clock, events } = setUp();
    broker.isDown = true;
    for (let n = 0; n < 5; n += 1) {
      await clock.advance(2_000);
      await trader.guard();
    }

    expect(events.filter(({ kind }) => kind === "books-not-compared")).toEqual([
      {
        kind: "books-not-compared",
        reason: "the broker does not say what it holds: binance: no answer",
      },
    ]);
  });

  test("does not judge books that moved while it asked", async () => {
    const { trader, trade, broker } = setUp();
    const account = broker.account.bind(broker);
    broker.account = async () => {
      const answer = await account();
      trade.held.set(held.id, held);
      trade.revision += 1;
      return answer;
    };

    await trader.guard();

    expect(trade.stops).toEqual([]);
  });

  test("does not fall when more was sold than is held: it asks people to look", async () => {
    const { trader, trade, broker, state, events } = setUp();
    trade.held.set(held.id, held);
    trade.enqueue(request({ clientOrderId: "hub-6", side: "sell", quantity: "0.05" }));
    const place = broker.place.bind(broker);
    broker.place = async (order) => place({ ...order, quantity: "0.07" });

    await trader.work();
    for (let n = 0; n < 20; n += 1) await trader.guard();

    expect(events.filter(({ kind }) => kind === "order-changed")).toHaveLength(1);
    expect(trade.stops).toMatchObject([{ ...QUARANTINE, reason: /hub-6: sold .* held/ as never }]);
    expect([state("hub-6"), trade.held.get(held.id)?.quantity]).toEqual(["unknown", "0.05"]);
  });
});
