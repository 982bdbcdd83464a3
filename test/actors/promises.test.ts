import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Bookkeeper } from "../../src/actors/trader/bookkeeper.ts";
import type { TraderProtocol } from "../../src/actors/trader/protocol.ts";
import { Trader } from "../../src/actors/trader/trader.ts";
import { decimal, text, ZERO } from "../../src/market/decimal.ts";
import { isEnded } from "../../src/market/order.ts";
import type { RawSignal } from "../../src/market/signal.ts";
import { StoreGate } from "../../src/store/gate.ts";
import { FakeContext } from "../kit/fake-context.ts";
import { FakeStore } from "../kit/fake-store.ts";
import { CALM, EVERYTHING, haltOrder } from "../kit/halts.ts";
import { buy, setUp } from "./gatekeeper/world.ts";
import { type Deed, FakeBroker } from "./trader/world.ts";

type Command =
  | { readonly kind: "raise"; readonly ids: readonly number[]; readonly side: "buy" | "sell" }
  | { readonly kind: "move"; readonly bid: string }
  | { readonly kind: "venue"; readonly deed: Deed }
  | { readonly kind: "wait"; readonly ms: number }
  | {
      readonly kind:
        | "work"
        | "guard"
        | "kill-before"
        | "kill-after"
        | "claims"
        | "halt"
        | "resume"
        | "deaf"
        | "blind"
        | "hand-over"
        | "hand-over-before"
        | "hand-over-after";
    };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("raise" as const),
      ids: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 }),
      side: fc.constantFrom("buy", "buy", "sell" as const),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom("work", "guard").map((kind) => ({ kind }) as Command) },
  fc.record({
    kind: fc.constant("move" as const),
    bid: fc.constantFrom("29999", "28000", "31500"),
  }),
  fc.record({
    kind: fc.constant("venue" as const),
    deed: fc.constantFrom<Deed>("fill", "half", "reject", "cut-after", "cut-before"),
  }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
  fc
    .constantFrom(
      "kill-before",
      "kill-after",
      "claims",
      "halt",
      "resume",
      "deaf",
      "blind",
      "hand-over",
      "hand-over-before",
      "hand-over-after",
    )
    .map((kind) => ({ kind }) as Command),
);

/** Gatekeeper and two traders on one account, with everything that may go wrong in a test's hands. */
class Hub {
  readonly world = setUp({ maxTradesPerDay: 1_000, cooldownCandles: 0 });
  readonly broker = new FakeBroker();
  readonly raised = new Set<string>();
  readonly #books = new FakeStore().store;
  #kill: "before" | "after" | undefined;
  #handOver: "before" | "after" | undefined;
  /** Which of the two holds the lease; the other one looks as often and must not act. */
  #holder = 0;
  readonly #traders = [this.#life(0), this.#life(1)];

  constructor() {
    const place = this.broker.place.bind(this.broker);
    this.broker.place = async (order) => {
      const kill = this.#kill;
      this.#kill = undefined;
      const handOver = this.#handOver;
      this.#handOver = undefined;
      if (kill === "before") throw new Error("killed before the order was sent");
      if (handOver === "before") this.#passOn();
      const outcome = await place(order);
      if (handOver === "after") this.#passOn();
      if (kill === "after") throw new Error("killed after the order was sent");
      return outcome;
    };
  }

  async run(one: Command): Promise<void> {
    const { clock, market, gatekeeper, db } = this.world;
    switch (one.kind) {
      case "raise":
        return this.world.review(...one.ids.map((id) => this.#signal(id, one.side)));
      case "move":
        market.bid = one.bid;
        market.ask = text(decimal(one.bid).plus(2));
        return;
      case "venue":
        this.broker.script.push(one.deed);
        return;
      case "wait":
        return clock.advance(one.ms);
      case "work":
      case "guard":
        return this.#trade(one.kind);
      case "kill-before":
      case "kill-after":
        this.#kill = one.kind === "kill-before" ? "before" : "after";
        return this.#trade("work");
      case "hand-over":
        return this.#passOn();
      case "hand-over-before":
      case "hand-over-after":
        this.#handOver = one.kind === "hand-over-before" ? "before" : "after";
        return this.#trade("work");
      case "claims":
        return db.releaseClaims();
      case "halt":
      case "resume":
        if (one.kind === "halt") await gatekeeper.halt(haltOrder());
        else await gatekeeper.resume({ scope: EVERYTHING, by: "ann" });
        return;
      case "deaf":
        this.broker.isDown = !this.broker.isDown;
        return;
      case "blind":
        if (!market.failing.delete("quotes")) market.failing.add("quotes");
    }
  }

  /** Lets everything that is under way come to its end. */
  async drain(): Promise<void> {
    const { clock, db, market } = this.world;
    this.broker.isDown = false;
    this.broker.script.length = 0;
    market.failing.clear();
    this.#kill = undefined;
    this.#handOver = undefined;
    for (let round = 0; round < 5; round += 1) {
      await clock.advance(70_000);
      db.releaseClaims();
      await this.#trade("work");
      await this.#trade("guard");
    }
  }

  async #trade(topic: "work" | "guard"): Promise<void> {
    for (const index of this.#traders.keys()) {
      try {
        await this.#traders[index]?.[topic]();
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith("killed"))) throw error;
        this.#traders[index] = this.#life(index);
      }
    }
  }

  #passOn(): void {
    this.#holder = 1 - this.#holder;
    this.world.db.epoch += 1;
  }

  #life(index: number): Trader {
    const { clock, db, market, events } = this.world;
    const common = { clock, machineClock: clock, trade: db.store };
    const { pulse, runs } = this.#books;
    const own = { ...common, pulse, runs, everyMs: 60_000, runId: "me" };
    const bookkeeper = new Bookkeeper(own);
    const workerId = `trader ${index}`;
    const rest = { broker: this.broker, market: async () => market, workerId, bookkeeper };
    const publish = events.push.bind(events);
    const gate = new StoreGate(clock, publish);
    const fence = () => (index === this.#holder ? db.fence : undefined);
    const deps = {
      ...common,
      ...rest,
      publish,
      gate,
      fence,
      oversight: CALM,
      maxQueueAgeMs: 300_000,
      lastPrice: () => undefined,
    };
    return new Trader(deps, new FakeContext<TraderProtocol>(clock));
  }

  /** The n-th signal always has the same id, whenever it is raised. */
  #signal(n: number, side: "buy" | "sell"): RawSignal {
    const closeTime = this.world.clock.nowMs() - 1_000;
    const signal = buy(n, { side, closeTime });
    this.raised.add(signal.id);
    return signal;
  }
}

describe("from signal to order", () => {
  test("each signal has exactly one verdict, each accepted one exactly one order, and the cash adds up", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
        const hub = new Hub();
        for (const one of commands) await hub.run(one);
        await hub.drain();

        const { db, events } = hub.world;
        expect([...db.verdicts.keys()].toSorted()).toEqual([...hub.raised].toSorted());
        const told = events.flatMap((e) => (e.kind === "verdict-given" ? [e.signalId] : []));
        expect(told.toSorted()).toEqual([...hub.raised].toSorted());

        const accepted = [...db.verdicts.values()].filter((v) => v.decision === "accepted");
        const orders = [...db.ordersById.values()];
        const ofSignals = orders.filter((order) => order.origin === "signal");
        expect(ofSignals.map((order) => String(order.signalId)).toSorted()).toEqual(
          accepted.map((verdict) => verdict.signalId).toSorted(),
        );
        // What never arrived may be sent again once the venue has denied it; nothing arrives twice.
        const arrived = hub.broker.arrived.map((order) => order.clientOrderId);
        expect(arrived).toEqual([...new Set(arrived)]);

        expect(orders.filter((order) => !isEnded(order.state))).toEqual([]);
        expect((await db.account()).reserved).toBe("0");
        const done = [...hub.broker.known.values()].flatMap((o) =>
          o.kind === "accepted" ? o.fills : [],
        );
        expect(db.fills.length).toBe(done.length);
        const cash = done.reduce((sum, fill) => {
          const value = decimal(fill.quantity).times(decimal(fill.price));
          return sum.plus(fill.side === "buy" ? ZERO.minus(value) : value).minus(decimal(fill.fee));
        }, decimal("10000"));
        expect(db.money.cash).toBe(text(cash));
      }),
      { numRuns: 200 },
    );
  });
});
