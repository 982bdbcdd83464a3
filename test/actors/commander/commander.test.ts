import { describe, expect, test } from "vitest";
import { NOON } from "../../kit/builders.ts";
import { BTC, ETH, EUR, setUp, started } from "./world.ts";

const MINUTE = 60_000;

describe("a commander", () => {
  test("follows the first portfolios at the very first start, and never writes them again", async () => {
    const { commander, context, db, architect } = setUp([BTC, EUR]);

    await commander.start();
    await commander.start();

    expect(context.children()).toEqual([
      "analyst:binance:BTC/USDT:1h",
      "analyst:oanda:EUR/USD:15m",
      "harvester:binance",
      "harvester:oanda",
    ]);
    expect(await db.watch.portfolios()).toEqual([{ name: "default", series: [BTC, EUR] }]);
    expect(architect.of("savePortfolio")).toHaveLength(1);
  });

  test("follows after a restart what the store says, not the first portfolios", async () => {
    const { commander, context, db, states } = setUp([BTC]);
    await db.watch.firstUse();
    await db.watch.add("main", ETH, "ann", 0);

    await commander.start();

    expect(context.children()).toEqual(["analyst:binance:ETH/USDT:1h", "harvester:binance"]);
    expect(await states()).toEqual({ "binance:ETH/USDT:1h": "arming" });
  });

  test("arms what it follows once a harvester says that it has started", async () => {
    const { states, harvester } = await started([BTC, ETH]);

    expect(harvester("binance").of("follow")).toEqual([
      { series: BTC, seriesId: 1, candles: 500 },
      { series: ETH, seriesId: 2, candles: 500 },
    ]);
    expect(await states()).toEqual({
      "binance:BTC/USDT:1h": "armed",
      "binance:ETH/USDT:1h": "armed",
    });
  });

  test("tells each close to the harvester of its exchange, with the pairs that are held", async () => {
    const { clock, harvester } = await started([BTC, EUR]);

    await clock.advance(14 * MINUTE + 5_000);

    const closeTime = NOON + 15 * MINUTE;
    expect(harvester("oanda").of("closed")).toEqual([
      { timeframe: "15m", closeTime, heldPairs: [] },
    ]);
    expect(harvester("binance").of("closed")).toEqual([]);
    await clock.advance(45 * MINUTE);
    expect(harvester("binance").of("closed")).toEqual([
      { timeframe: "1h", closeTime: NOON + 60 * MINUTE, heldPairs: ["ETH/USDT"] },
    ]);
  });

  test("rings by the exchange's clock as it was measured", async () => {
    const { clock, harvester, commander } = await started([EUR]);

    commander.clockMeasured({ exchange: "oanda", offsetMs: -20_000 });
    commander.clockMeasured({ exchange: "nowhere", offsetMs: 1 });
    await clock.advance(14 * MINUTE + 20_000);
    expect(harvester("oanda").of("closed")).toEqual([]);
    await clock.advance(5_000);

    expect(harvester("oanda").of("closed")).toHaveLength(1);
  });

  test("passes on facts from another process", () => {
    const { commander, events } = setUp();
    const fact = { kind: "series-added", series: BTC } as const;

    commander.fact(fact);

    expect(events).toEqual([fact]);
  });

  test("has a restarted harvester follow everything again", async () => {
    const { commander, clock, harvester } = await started([BTC, EUR]);

    await commander.harvesterStarted({ exchange: "binance" });
    await clock.advance(0);

    expect(harvester("binance").of("follow")).toHaveLength(2);
    expect(harvester("oanda").of("follow")).toHaveLength(1);
  });

  test("shows as arming what a restarted harvester does not follow yet", async () => {
    const { commander, clock, follows, states } = await started([BTC, EUR]);
    follows.push({ kind: "waiting", reason: "no answer" });

    await commander.harvesterStarted({ exchange: "binance" });
    await clock.advance(0);
    const meanwhile = await states();
    await clock.advance(1_000);

    expect(meanwhile).toEqual({ "binance:BTC/USDT:1h": "arming", "oanda:EUR/USD:15m": "armed" });
    expect(await states()).toMatchObject({ "binance:BTC/USDT:1h": "armed" });
  });

  test("shows nothing as armed whose harvester ended for good", async () => {
    const { context, states } = await started([BTC, EUR]);

    context.ended("harvester:binance");

    expect(await states()).toEqual({
      "binance:BTC/USDT:1h": "arming",
      "oanda:EUR/USD:15m": "armed",
    });
  });

  test("leaves the others alone when an analyst cannot be started", async () => {
    const { commander, broken, events, states, clock } = setUp([BTC, ETH]);
    broken.add("analyst:binance:BTC/USDT:1h");

    await commander.start();
    await commander.harvesterStarted({ exchange: "binance" });
    await clock.advance(0);

    expect(await states()).toEqual({
      "binance:BTC/USDT:1h": "parked",
      "binance:ETH/USDT:1h": "armed",
    });
    expect(events).toMatchObject([{ kind: "actor-parked", actor: "analyst:binance:BTC/USDT:1h" }]);
  });

  test("takes no analyst for a failed one that its own end keeps from starting", async () => {
    const { commander, broken, context, events } = setUp([BTC]);
    broken.add("analyst:binance:BTC/USDT:1h");

    const starting = commander.start();
    context.end();
    await starting;

    expect(events).toEqual([]);
  });

  test("shows an analyst that ended for good as parked", async () => {
    const { context, states } = await started([BTC]);

    context.ended("analyst:binance:BTC/USDT:1h");

    expect(await states()).toEqual({ "binance:BTC/USDT:1h": "parked" });
  });

  test("leaves the other exchanges alone when one cannot be opened, and tries it again", async () => {
    const { commander, broken, states, clock, context } = setUp([BTC, EUR]);
    broken.add("harvester:oanda");

    await commander.start();
    await commander.harvesterStarted({ exchange: "binance" });
    await clock.advance(0);
    const before = await states();
    broken.clear();
    await clock.advance(15_000);
    expect(context.self.of("harvesterStarted")).toEqual([{ exchange: "oanda" }]);
    await commander.harvesterStarted({ exchange: "oanda" });
    await clock.advance(0);

    expect(before).toEqual({
      "binance:BTC/USDT:1h": "armed",
      "oanda:EUR/USD:15m": "arming",
    });
    expect(await states()).toMatchObject({ "oanda:EUR/USD:15m": "armed" });
  });

  test("tells the bell of an exchange once a close, however often its harvester starts", async () => {
    const { commander, clock, harvester } = await started([EUR]);
    await commander.harvesterStarted({ exchange: "oanda" });

    await commander.unwatch({ ...EUR, by: "ann" });
    await clock.advance(60 * MINUTE);

    expect(harvester("oanda").of("closed")).toEqual([]);
  });

  test("tries again to arm for as long as an exchange does not answer, ever more slowly", async () => {
    const { commander, follows, clock, harvester, states } = setUp([BTC]);
    const waiting = { kind: "waiting", reason: "no answer" } as const;
    follows.push(waiting, waiting, waiting, waiting);
    await commander.start();
    await commander.harvesterStarted({ exchange: "binance" });

    const tries: number[] = [];
    for (const waitMs of [0, 1_000, 2_000, 4_000, 8_000]) {
      await clock.advance(waitMs);
      tries.push(harvester("binance").of("follow").length);
    }

    expect(tries).toEqual([1, 2, 3, 4, 5]);
    expect(await states()).toEqual({ "binance:BTC/USDT:1h": "armed" });
  });

  test("leaves no timer behind when it is stopped", async () => {
    const { commander, clock, follows } = setUp([BTC, EUR]);
    follows.push({ kind: "waiting", reason: "no answer" });
    await commander.start();
    await commander.harvesterStarted({ exchange: "binance" });
    await clock.advance(0);

    commander.stop();

    expect(clock.pending).toBe(0);
  });

  test("shows the list from memory while the database is away", async () => {
    const { architect, states } = await started([BTC]);
    delete architect.answers.watched;

    expect(await states()).toEqual({ "binance:BTC/USDT:1h": "armed" });
  });
});
