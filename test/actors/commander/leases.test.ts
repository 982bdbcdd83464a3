import { describe, expect, test } from "vitest";
import { nextTurn } from "../../kit/manual-clock.ts";
import { BTC, ETH, EUR, setUp, started } from "./world.ts";

const MINUTE = 60_000;
const BINANCE = "exchange:binance";
const OANDA = "exchange:oanda";

type World = ReturnType<typeof setUp>;

/** Another hub holds the lease of binance. */
function standby() {
  const world = setUp([BTC, ETH, EUR]);
  world.leases.elsewhere.add(BINANCE);
  return world;
}

/** Has the commander handle what it has told itself, as its mailbox would. */
async function handle({ commander, context, clock }: World): Promise<void> {
  const { received } = context.self;
  for (let next = received.shift(); next !== undefined; next = received.shift()) {
    const handler = commander[next.topic] as (message: unknown) => unknown;
    await handler.call(commander, next.message);
  }
  await clock.advance(0);
}

const BINANCE_CHILDREN = [
  "analyst:binance:BTC/USDT:1h",
  "analyst:binance:ETH/USDT:1h",
  "harvester:binance",
];
const OANDA_CHILDREN = ["analyst:oanda:EUR/USD:15m", "harvester:oanda"];

describe("a commander with other hubs beside it", () => {
  test("wants the leases of the exchanges it follows, through outages, and no others", async () => {
    const { leases } = await started([BTC, ETH]);

    expect([...leases.wanted]).toEqual([[BINANCE, { throughOutage: true }]]);
  });

  test("neither polls nor thinks where another hub holds the lease, and shows what is followed", async () => {
    const world = standby();
    await world.commander.start();
    await world.commander.harvesterStarted({ exchange: "oanda" });
    await handle(world);

    expect(world.context.children()).toEqual(OANDA_CHILDREN);
    expect(await world.states()).toEqual({
      "binance:BTC/USDT:1h": "standby",
      "binance:ETH/USDT:1h": "standby",
      "oanda:EUR/USD:15m": "armed",
    });
  });

  test("takes an exchange up as after a restart when it gains the lease", async () => {
    const world = standby();
    await world.commander.start();

    world.leases.gain(BINANCE);
    await handle(world);
    await world.commander.harvesterStarted({ exchange: "binance" });
    await world.clock.advance(0);

    expect(world.context.children()).toEqual([
      ...BINANCE_CHILDREN.slice(0, 2),
      "analyst:oanda:EUR/USD:15m",
      "harvester:binance",
      "harvester:oanda",
    ]);
    expect(world.architect.of("takeUp")).toContainEqual({ exchange: "binance" });
    expect(await world.states()).toMatchObject({ "binance:BTC/USDT:1h": "armed" });
    await world.clock.advance(59 * MINUTE + 5_000);
    expect(world.harvester("binance").of("closed")).toHaveLength(1);
  });

  test("has the architect forget what it knew before it starts the first analyst", async () => {
    const world = standby();
    await world.commander.start();
    let children: string[] = [];
    const { takeUp } = world.architect.answers;
    world.architect.answers.takeUp = (message) => {
      children = world.context.children();
      return takeUp?.(message) ?? [];
    };

    world.leases.gain(BINANCE);
    await handle(world);

    expect(children).toEqual(OANDA_CHILDREN);
    expect(world.context.children()).toContain("analyst:binance:BTC/USDT:1h");
  });

  test("lets go of an exchange at once when its lease is lost, behind no other message", async () => {
    const world = await started([BTC, ETH, EUR]);
    const follow = new Promise<never>(() => {});
    world.harvester("binance").answers.follow = () => follow;
    void world.commander.watch(world.order({ ...BTC, timeframe: "5m" }));
    await world.clock.advance(0);
    const { harvester } = world;
    const before = harvester("binance");

    world.leases.lose(BINANCE);
    await world.clock.advance(0);

    expect(world.context.children()).toEqual(OANDA_CHILDREN);
    expect(await world.states()).toMatchObject({
      "binance:BTC/USDT:1h": "standby",
      "oanda:EUR/USD:15m": "armed",
    });
    await world.clock.advance(60 * MINUTE);
    expect(before.of("closed")).toEqual([]);
  });

  test("rings for nobody once the lease is gone, told of it or not", async () => {
    const world = await started([BTC]);
    // The process was frozen: the hold is over, and the one who tells of it has not woken yet.
    world.leases.fence = () => undefined;

    await world.clock.advance(60 * MINUTE);

    expect(world.harvester("binance").of("closed")).toEqual([]);
  });

  test("takes an exchange up again after it was lost and gained, each close told once", async () => {
    const world = await started([BTC]);

    world.leases.lose(BINANCE);
    world.leases.gain(BINANCE);
    await handle(world);
    await world.commander.harvesterStarted({ exchange: "binance" });
    await world.clock.advance(60 * MINUTE);

    expect(world.context.children()).toEqual(["analyst:binance:BTC/USDT:1h", "harvester:binance"]);
    expect(await world.states()).toEqual({ "binance:BTC/USDT:1h": "armed" });
    expect(world.harvester("binance").of("closed")).toHaveLength(1);
    expect(world.architect.of("takeUp")).toHaveLength(2);
  });

  test("leaves nothing behind wherever in its start the lease goes, and all of it where it comes back", async () => {
    for (let turns = 0; turns < 40; turns += 1) {
      const world = setUp([BTC, ETH]);
      const starting = world.commander.start();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      world.leases.elsewhere.add(BINANCE);
      world.leases.lose(BINANCE);
      await starting;
      await nextTurn();
      await handle(world);
      expect([turns, world.context.children()]).toEqual([turns, []]);

      world.leases.gain(BINANCE);
      await handle(world);
      expect([turns, world.context.children()]).toEqual([turns, BINANCE_CHILDREN]);
      expect(world.events.filter(({ kind }) => kind === "actor-parked")).toEqual([]);
    }
  });

  test("gives a lease up with the last series of its exchange, and wants it again with the next", async () => {
    const { commander, leases, order, states } = await started([BTC, EUR]);

    await commander.unwatch({ ...BTC, by: "ann" });
    const after = [...leases.wanted.keys()];
    await commander.watch(order(BTC));

    expect(after).toEqual([OANDA]);
    expect([...leases.wanted.keys()]).toEqual([OANDA, BINANCE]);
    expect(await states()).toMatchObject({ "binance:BTC/USDT:1h": "armed" });
  });

  test("listens to its leases no longer once it is stopped", async () => {
    const { commander, leases, clock } = await started([BTC]);

    commander.stop();

    expect([leases.listeners, clock.pending]).toEqual([0, 0]);
  });
});

describe("a commander on standby", () => {
  test("adds a series for the hub that holds the lease, and says so", async () => {
    const world = standby();
    await world.commander.start();
    const wish = { ...BTC, timeframe: "5m" } as const;

    const first = await world.commander.watch(world.order(wish));
    const again = await world.commander.watch(world.order(wish));

    expect(first).toEqual({
      kind: "arming",
      series: wish,
      reason: "another hub looks after binance",
    });
    expect(again).toEqual({ kind: "already-watched", series: wish });
    expect(await world.states()).toMatchObject({ "binance:BTC/USDT:5m": "standby" });
    expect(world.context.children()).toEqual(OANDA_CHILDREN);
  });

  test("refuses a pair that is not traded, as the holder would", async () => {
    const world = standby();
    await world.commander.start();

    const answer = await world.commander.watch(world.order({ ...BTC, pair: "DOGE/USDT" }));

    expect(answer).toMatchObject({ kind: "refused", field: "pair" });
  });

  test("removes a series for the hub that holds the lease", async () => {
    const world = standby();
    await world.commander.start();

    const answer = await world.commander.unwatch({ ...BTC, by: "ann" });

    expect(answer).toEqual({ kind: "removed", series: BTC });
    expect(Object.keys(await world.states())).not.toContain("binance:BTC/USDT:1h");
  });
});

describe("a watchlist that is changed through another hub", () => {
  test("is followed within seconds, what joined and what left, and told of", async () => {
    const world = await started([BTC, EUR]);
    await world.db.watch.add("main", ETH, "ann", 0);
    await world.db.watch.remove(EUR, "ann", 0);
    world.events.length = 0;

    await world.clock.advance(2_000);
    await handle(world);
    await world.commander.harvesterStarted({ exchange: "binance" });
    await world.clock.advance(0);

    expect(world.context.children()).toEqual(BINANCE_CHILDREN);
    expect(await world.states()).toEqual({
      "binance:BTC/USDT:1h": "armed",
      "binance:ETH/USDT:1h": "armed",
    });
    expect([...world.leases.wanted.keys()]).toEqual([BINANCE]);
    expect(world.events).toEqual([
      { kind: "series-added", series: ETH },
      { kind: "series-removed", series: EUR },
      { kind: "watchlist-changed" },
    ]);
  });

  test("costs one short question every two seconds while it does not change", async () => {
    const { clock, architect, context, events } = await started([BTC]);
    architect.received.length = 0;

    await clock.advance(20_000);

    expect(architect.received).toHaveLength(10);
    expect(architect.of("watchRevision")).toHaveLength(10);
    expect(context.self.of("listChanged")).toEqual([]);
    expect(events).toEqual([]);
  });

  test("tells nobody of series again that this hub has added itself", async () => {
    const world = await started([BTC]);
    await world.commander.watch(world.order(ETH));

    await world.clock.advance(2_000);
    await handle(world);

    expect(world.events).toEqual([{ kind: "watchlist-changed" }]);
  });

  test("is looked at again after whoever reads it was away", async () => {
    const world = await started([BTC]);
    const { watchRevision } = world.architect.answers;
    delete world.architect.answers.watchRevision;
    await world.db.watch.add("main", ETH, "ann", 0);
    await world.clock.advance(6_000);

    if (watchRevision !== undefined) world.architect.answers.watchRevision = watchRevision;
    await world.clock.advance(2_000);
    await handle(world);

    expect(world.context.children()).toEqual(BINANCE_CHILDREN);
  });
});
