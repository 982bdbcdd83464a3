import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { HubEvent } from "../../src/market/events.ts";
import { LeaseKeeper } from "../../src/store/lease-keeper.ts";
import type { LeaseStore } from "../../src/store/lease-port.ts";
import { FakeLeaseStore } from "../kit/fake-lease-store.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { wish } from "./contract/leases.ts";

const TTL_MS = 15_000;
/** When a hold that is not prolonged ends on this side. */
const USABLE_MS = 12_000;
const NAME = "exchange:binance";

function hubOn(clock: ManualClock, leases: LeaseStore, over = {}) {
  const events: HubEvent[] = [];
  const changes: boolean[] = [];
  const keeper = new LeaseKeeper({
    leases,
    machineClock: clock,
    random: () => 0.5,
    holder: randomUUID(),
    instance: "this hub",
    ttlMs: TTL_MS,
    takesOver: false,
    predecessor: undefined,
    publish: (event) => events.push(event),
    ...over,
  });
  keeper.onChange((_name, isHeld) => changes.push(isHeld));
  return { keeper, events, changes, fence: () => keeper.fence(NAME) };
}

function setUp(over = {}) {
  const clock = new ManualClock();
  const store = new FakeLeaseStore(clock);
  return { clock, store, ...hubOn(clock, store, over) };
}

/** Has the lease held before anything else happens. */
async function holding(throughOutage = false) {
  const world = setUp();
  await world.keeper.want(NAME, { throughOutage });
  return world;
}

describe("a keeper of leases", () => {
  test("holds what is free with the first question, and says so", async () => {
    const { keeper, events, changes, fence } = setUp();

    await keeper.want(NAME);

    expect(fence()).toEqual({ lease: NAME, epoch: 1 });
    expect([events, changes]).toEqual([[{ kind: "lease-gained", lease: NAME, epoch: 1 }], [true]]);
    expect(keeper.standings()).toEqual([{ name: NAME, isHeld: true }]);
  });

  test("asks no second time for what it wants already", async () => {
    const { keeper, store } = await holding();

    await keeper.want(NAME);

    expect(store.asked).toHaveLength(1);
  });

  test("has nothing that it never wanted", async () => {
    const { keeper } = await holding();

    expect(keeper.fence("trader")).toBeUndefined();
  });

  test("prolongs its hold three times in its time, at the same epoch", async () => {
    const { clock, store, changes, fence } = await holding();

    await clock.advance(10 * TTL_MS);

    expect(fence()).toEqual({ lease: NAME, epoch: 1 });
    expect(store.asked.length).toBeGreaterThanOrEqual(30);
    expect(store.asked.length).toBeLessThan(50);
    expect(changes).toEqual([true]);
  });

  test("stands by for what another holds, and says whose it is, once", async () => {
    const { clock, store, keeper, events, fence } = setUp();
    await store.acquire(wish(NAME, { instance: "hub-a pid 7", ttlMs: TTL_MS }));

    await keeper.want(NAME);
    await clock.advance(5_000);

    expect(fence()).toBeUndefined();
    expect(keeper.standings()).toEqual([{ name: NAME, isHeld: false }]);
    const by = "hub-a pid 7";
    expect(events).toEqual([{ kind: "lease-held-elsewhere", lease: NAME, by }]);
  });

  test("takes over as soon as another's time is out", async () => {
    const { clock, store, keeper, fence } = setUp();
    await store.acquire(wish(NAME, { ttlMs: TTL_MS }));
    await keeper.want(NAME);

    await clock.advance(TTL_MS - 1);
    expect(fence()).toBeUndefined();
    await clock.advance(3);

    expect(fence()).toEqual({ lease: NAME, epoch: 2 });
  });

  test("takes over within a second what another gives back", async () => {
    const { clock, store, keeper, fence } = setUp();
    const other = wish(NAME, { ttlMs: TTL_MS });
    await store.acquire(other);
    await keeper.want(NAME);
    await clock.advance(2_500);

    await store.release({ lease: NAME, epoch: 1 }, other.holder);
    await clock.advance(1_000);

    expect(fence()).toEqual({ lease: NAME, epoch: 2 });
  });

  test("takes a lease from a holder that is known to be dead, once", async () => {
    const { clock, store, keeper, fence } = setUp({ takesOver: true });
    await store.acquire(wish(NAME, { instance: "dead" }));

    await keeper.want(NAME);
    const first = fence();
    await store.acquire(wish(NAME, { instance: "alive", force: true }));
    await clock.advance(TTL_MS);

    expect(first).toEqual({ lease: NAME, epoch: 2 });
    expect(fence()).toBeUndefined();
  });

  test("takes the leases of its dead predecessor, and of nobody else", async () => {
    const dead = wish(NAME, { instance: "dead" });
    const { store, keeper, fence } = setUp({ predecessor: dead.holder });
    await store.acquire(dead);
    await store.acquire(wish("trader", { instance: "alive" }));

    await keeper.want(NAME);
    await keeper.want("trader");

    expect(fence()).toEqual({ lease: NAME, epoch: 2 });
    expect(keeper.fence("trader")).toBeUndefined();
  });

  test("gives everything back when it stops, and asks no more", async () => {
    const { clock, store, keeper, changes } = await holding();
    await keeper.want("trader");

    await keeper.stop();
    const { length } = store.asked;
    await clock.advance(TTL_MS);

    expect((await store.list()).map(({ leftMs }) => leftMs)).toEqual([0, 0]);
    expect(changes).toEqual([true, true, false, false]);
    expect([store.asked.length, clock.pending]).toEqual([length, 0]);
  });

  test("can want again what it has just dropped", async () => {
    const { keeper, fence } = await holding();

    const dropped = keeper.drop(NAME);
    expect(fence()).toBeUndefined();
    await keeper.want(NAME);
    await dropped;

    expect(fence()).toEqual({ lease: NAME, epoch: 2 });
  });

  test("stops although the database does not answer", async () => {
    const { clock, store, keeper } = await holding();
    store.mood = "silent";

    const stopped = keeper.stop();
    await clock.advance(10_000);

    await expect(stopped).resolves.toBeUndefined();
  });
});

describe("a hold on a lease", () => {
  test.each(["down", "silent", "deaf"] as const)(
    "ends before its time while the database is %s, and is told of at once",
    async (mood) => {
      const { clock, store, changes, events, fence } = await holding();
      store.mood = mood;

      await clock.advance(USABLE_MS - 1);
      expect(fence()).toEqual({ lease: NAME, epoch: 1 });
      await clock.advance(1);

      expect([fence(), changes]).toEqual([undefined, [true, false]]);
      expect(events.at(-1)).toMatchObject({ kind: "lease-lost", lease: NAME });
    },
  );

  test("comes back with the database, at a higher epoch once it had run out there", async () => {
    const { clock, store, changes, fence } = await holding();
    store.mood = "down";
    await clock.advance(2 * TTL_MS);

    store.mood = "ok";
    await clock.advance(1_000);

    expect(fence()).toEqual({ lease: NAME, epoch: 2 });
    expect(changes).toEqual([true, false, true]);
  });

  test("is over when the process wakes from a frost, before any timer has rung", async () => {
    const { clock, fence } = await holding();

    clock.freeze(USABLE_MS);

    expect(fence()).toBeUndefined();
  });

  test("is not had by an answer to a question from before a frost", async () => {
    const { clock, store, keeper, changes, fence } = setUp();
    const acquire = store.acquire.bind(store);
    store.acquire = async (one) => {
      const answer = await acquire(one);
      clock.freeze(USABLE_MS);
      return answer;
    };

    await keeper.want(NAME);

    expect([fence(), changes]).toEqual([undefined, []]);
  });

  test("ends at once when another is told to hold it", async () => {
    const { clock, store, changes, fence } = await holding();
    await store.acquire(wish(NAME, { force: true }));

    await clock.advance(5_000);

    expect([fence(), changes]).toEqual([undefined, [true, false]]);
  });

  test("is lost and gained when another has had it meanwhile", async () => {
    const { clock, store, changes, fence } = await holding();
    const other = wish(NAME, { force: true });
    await store.acquire(other);
    await store.release({ lease: NAME, epoch: 2 }, other.holder);

    await clock.advance(5_000);

    expect([fence()?.epoch, changes]).toEqual([3, [true, false, true]]);
  });

  test("does not outlast a database that refuses", async () => {
    const { clock, store, fence } = await holding(true);
    const { StoreFailure } = await import("../../src/store/errors.ts");
    store.acquire = () => Promise.reject(new StoreFailure("refused", "42501", "not allowed"));

    await clock.advance(USABLE_MS);

    expect(fence()).toBeUndefined();
  });
});

describe("a hold that goes on through an outage", () => {
  test.each(["down", "silent"] as const)(
    "is not lost while the database is %s and nobody else was heard of",
    async (mood) => {
      const { clock, store, changes, fence } = await holding(true);
      store.mood = mood;

      await clock.advance(10 * TTL_MS);
      expect(fence()).toEqual({ lease: NAME, epoch: 1 });
      store.mood = "ok";
      await clock.advance(TTL_MS);

      expect([fence()?.epoch, changes]).toEqual([2, [true]]);
    },
  );

  test("ends in its time where another hub was heard asking for it", async () => {
    const { clock, store, fence } = await holding(true);
    const rival = hubOn(clock, store.beside());
    await rival.keeper.want(NAME);
    await clock.advance(5_000);
    store.mood = "down";

    await clock.advance(USABLE_MS);
    expect(fence()).toBeUndefined();
    await clock.advance(TTL_MS - USABLE_MS);

    expect(rival.fence()).toEqual({ lease: NAME, epoch: 2 });
  });

  test("does not outlast a frost: there was nobody to notice the outage", async () => {
    const { clock, fence } = await holding(true);

    clock.freeze(USABLE_MS);

    expect(fence()).toBeUndefined();
  });
});
