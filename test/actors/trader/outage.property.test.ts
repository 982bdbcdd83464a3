import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TraderProtocol } from "../../../src/actors/trader/protocol.ts";
import type { Trader } from "../../../src/actors/trader/trader.ts";
import { decimal, text, ZERO } from "../../../src/market/decimal.ts";
import { isEnded } from "../../../src/market/order.ts";
import { StoreFailure } from "../../../src/store/errors.ts";
import type { TradeStore } from "../../../src/store/trade-port.ts";
import { instrument, position } from "../../kit/builders.ts";
import { FakeContext } from "../../kit/fake-context.ts";
import { type Deed, request, setUp } from "./world.ts";

/** The database goes away at a call: before it is heard, or after it is done and before the answer. */
interface Outage {
  /** Which call, counted from 0 over all functions. */
  readonly at: number;
  readonly answer: "unheard" | "done";
  /** Calls that fail in a row, tries again included. */
  readonly calls: number;
}

/** The same store, away at the given calls. */
function awayAt(outages: readonly Outage[], called: string[]) {
  return (store: TradeStore): TradeStore =>
    new Proxy(store, {
      get(target, name, receiver) {
        const original: unknown = Reflect.get(target, name, receiver);
        if (typeof original !== "function") return original;
        return async (...args: unknown[]): Promise<unknown> => {
          const n = called.push(String(name)) - 1;
          const outage = outages.find(({ at, calls }) => n >= at && n < at + calls);
          if (outage === undefined || (outage.answer === "done" && n === outage.at)) {
            const answer: unknown = await Reflect.apply(original, target, args);
            if (outage === undefined) return answer;
          }
          throw new StoreFailure("offline", "08006", "the connection is lost");
        };
      },
    });
}

interface Story {
  readonly outages: readonly Outage[];
  readonly deeds: readonly Deed[];
  /** Whether the hub is killed during the first outage, and another takes over. */
  readonly isKilled: boolean;
}

/** Two orders in the queue and a stop that is hit, worked off by a trader whose database comes and goes. */
async function play({ outages, deeds, isKilled }: Story) {
  const called: string[] = [];
  const world = setUp(60_000, awayAt(outages, called));
  const { trader, trade: fake, market, broker, clock, context, life } = world;
  const bought = position({ stopLoss: "29000" });
  fake.held.set(bought.id, bought);
  fake.enqueue(request({ clientOrderId: "hub-1", pair: "ETH/USDT" }), "3000");
  fake.enqueue(request({ clientOrderId: "hub-2", pair: "SOL/USDT" }), "3000");
  market.listed = ["BTC/USDT", "ETH/USDT", "SOL/USDT"].map((pair) => instrument({ pair }));
  market.bid = "28000";
  broker.script.push(...deeds);

  /** Lets a trader work and guard while time passes; `lifeMs` later it is killed, if it is. */
  const live = async (one: Trader, lifeMs = Number.POSITIVE_INFINITY): Promise<void> => {
    let isOver = false;
    const living = one.work().then(() => one.guard());
    const ended = living
      .catch((error: unknown) => {
        if (!context.signal.aborted) throw error;
      })
      .finally(() => (isOver = true));
    for (let spentMs = 0; !isOver; spentMs += 500) {
      if (spentMs >= lifeMs) context.end();
      await clock.advance(500);
    }
    await ended;
    await clock.advance(35_000);
  };
  await live(trader, isKilled ? 1_000 : undefined);
  const heir = life(new FakeContext<TraderProtocol>(clock));
  for (let round = 0; round < 8; round += 1) {
    if (round === 4) broker.script.length = 0; // from now on the venue does as it is told
    fake.releaseClaims();
    await live(heir);
  }
  return { ...world, called };
}

function expectInOrder({ trade, broker }: Awaited<ReturnType<typeof play>>): void {
  const arrived = broker.arrived.map((order) => order.clientOrderId);
  expect(arrived).toEqual([...new Set(arrived)]);
  const orders = [...trade.ordersById.values()];
  expect(orders.filter(({ state }) => !isEnded(state))).toEqual([]);
  expect(trade.items.map(({ status }) => status)).toEqual(["done", "done"]);
  const fills = [...broker.known.values()].flatMap((o) => (o.kind === "accepted" ? o.fills : []));
  expect(trade.fills).toHaveLength(fills.length);
  const cash = fills.reduce((sum, fill) => {
    const value = decimal(fill.quantity).times(decimal(fill.price));
    return sum.plus(fill.side === "buy" ? ZERO.minus(value) : value).minus(decimal(fill.fee));
  }, decimal("10000"));
  expect(trade.money.cash).toBe(text(cash));
}

const CALLS = ["claim", "createOrder", "position", "fillIds", "settle", "finish"];

describe("a trader whose database goes away", () => {
  test("sends each order once and settles it, whichever call is the first to be lost", async () => {
    const whole = await play({ outages: [], deeds: [], isKilled: false });
    expect(whole.called).toEqual(
      expect.arrayContaining([...CALLS, "orders", "positions", "order"]),
    );
    expect(whole.broker.arrived).toHaveLength(3);
    const firstRun = whole.called.indexOf("mark") + 1;
    expect(firstRun).toBeGreaterThan(20);

    for (let at = 0; at < firstRun; at += 1) {
      for (const answer of ["unheard", "done"] as const) {
        for (const isKilled of [false, true]) {
          const outages = [{ at, answer, calls: 12 }];
          const end = await play({ outages, deeds: [], isKilled });
          expectInOrder(end);
          // Nothing is given up for an outage of seconds.
          expect(end.broker.arrived).toHaveLength(3);
        }
      }
    }
  });

  test("does so through any number of outages, with any answers of the venue", async () => {
    const outage: fc.Arbitrary<Outage> = fc.record({
      at: fc.integer({ min: 0, max: 60 }),
      answer: fc.constantFrom("unheard", "done"),
      calls: fc.integer({ min: 1, max: 15 }),
    });
    const deed = fc.constantFrom<Deed>("fill", "half", "reject", "cut-after", "cut-before");
    const story = fc.record({
      outages: fc.array(outage, { maxLength: 6 }),
      deeds: fc.array(deed, { maxLength: 6 }),
      isKilled: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(story, async (one) => expectInOrder(await play(one))),
      { numRuns: 100 },
    );
  });
});
