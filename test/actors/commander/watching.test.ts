import { describe, expect, test } from "vitest";
import { BTC, ETH, EUR, setUp, started } from "./world.ts";

describe("a commander that is asked to watch", () => {
  test("adds a series, armed when it answers, as it would be written", async () => {
    const { commander, order, context, db, states } = setUp();

    const answer = await commander.watch({ ...order(BTC), pair: "btc-usdt", timeframe: "1H" });

    expect(answer).toEqual({ kind: "added", series: BTC, armedInMs: 0 });
    expect(context.children()).toEqual(["analyst:binance:BTC/USDT:1h", "harvester:binance"]);
    expect(await db.watch.portfolios()).toEqual([{ name: "main", series: [BTC] }]);
    expect(await states()).toEqual({ "binance:BTC/USDT:1h": "armed" });
  });

  test("says so when a series is watched already", async () => {
    const { commander, order, harvester } = setUp();
    await commander.watch(order(BTC));

    const answer = await commander.watch(order(BTC));

    expect(answer).toEqual({ kind: "already-watched", series: BTC });
    expect(harvester("binance").of("follow")).toHaveLength(1);
  });

  test("refuses a pair the exchange does not trade, and names those like it", async () => {
    const { commander, order, db } = setUp();

    const answer = await commander.watch({ ...order(BTC), pair: "DOGE/USDT" });

    expect(answer).toMatchObject({ kind: "refused", field: "pair" });
    expect("allowed" in answer && answer.allowed[0]).toBe("DOGE/USDC");
    expect(await db.watch.active()).toEqual([]);
  });

  test("refuses what is no series without asking anybody", async () => {
    const { commander, order, architect, context } = setUp();

    const answer = await commander.watch({ ...order(BTC), exchange: "nowhere" });

    expect(answer).toMatchObject({ kind: "refused", field: "exchange" });
    expect([architect.received, context.children()]).toEqual([[], []]);
  });

  test("follows at once and arms later while the exchange does not answer", async () => {
    const { commander, order, follows, clock, states } = setUp();
    follows.push({ kind: "waiting", reason: "no answer" });

    const answer = await commander.watch(order(BTC));
    const before = await states();
    await clock.advance(1_000);

    expect(answer).toEqual({ kind: "arming", series: BTC, reason: "no answer" });
    expect([before, await states()]).toEqual([
      { "binance:BTC/USDT:1h": "arming" },
      { "binance:BTC/USDT:1h": "armed" },
    ]);
  });

  test("believes the wish when the exchange does not answer", async () => {
    const { commander, order, market } = setUp();
    market.failing.add("instruments");

    expect(await commander.watch(order(BTC))).toMatchObject({ kind: "added" });
  });

  test("follows later on an exchange that cannot be opened", async () => {
    const { commander, order, broken } = setUp();
    broken.add("harvester:oanda");

    const answer = await commander.watch(order(EUR));

    expect(answer).toMatchObject({ kind: "arming", series: EUR });
  });

  test("stops the analyst with its series, and the harvester with the last one", async () => {
    const { commander, context, harvester, db } = await started([BTC, ETH]);

    const first = await commander.unwatch({ ...BTC, by: "ann" });
    const after = context.children();
    const last = await commander.unwatch({ ...ETH, by: "ann" });

    expect(first).toEqual({ kind: "removed", series: BTC });
    expect(after).toEqual(["analyst:binance:ETH/USDT:1h", "harvester:binance"]);
    expect(last).toEqual({ kind: "removed", series: ETH });
    expect(context.children()).toEqual([]);
    expect(harvester("binance").of("forget")).toEqual([BTC, ETH]);
    expect(await db.watch.active()).toEqual([]);
  });

  test("says so when a series to be removed is not watched", async () => {
    const { commander } = await started([BTC]);

    expect(await commander.unwatch({ ...ETH, by: "ann" })).toEqual({ kind: "not-watched" });
    expect(await commander.unwatch({ ...ETH, timeframe: "7m", by: "ann" })).toMatchObject({
      kind: "refused",
    });
  });

  test("can watch again what it ceased to watch", async () => {
    const { commander, order, context, states } = await started([BTC]);
    await commander.unwatch({ ...BTC, by: "ann" });

    await commander.watch(order(BTC));

    expect(context.children()).toEqual(["analyst:binance:BTC/USDT:1h", "harvester:binance"]);
    expect(await states()).toEqual({ "binance:BTC/USDT:1h": "armed" });
  });

  test("lets series join and leave with the portfolio that names them", async () => {
    const { commander, context, states, clock } = await started([BTC, EUR]);

    const answer = await commander.savePortfolio({
      portfolio: { name: "default", series: [BTC, ETH] },
      by: "ann",
    });
    await clock.advance(0);

    expect(answer).toEqual({ kind: "saved", portfolio: { name: "default", series: [BTC, ETH] } });
    expect(await states()).toEqual({
      "binance:BTC/USDT:1h": "armed",
      "binance:ETH/USDT:1h": "armed",
    });
    expect(context.children()).not.toContain("harvester:oanda");
  });

  test("goes on following what another portfolio still names", async () => {
    const { commander, order, states } = await started([BTC]);
    await commander.watch(order(BTC));

    await commander.savePortfolio({ portfolio: { name: "default", series: [] }, by: "ann" });

    expect(await states()).toEqual({ "binance:BTC/USDT:1h": "armed" });
  });

  test("writes a portfolio as the hub writes series, each once", async () => {
    const { commander, db } = setUp();
    const sloppy = [{ ...BTC, pair: "btc-usdt" }, BTC];

    await commander.savePortfolio({ portfolio: { name: "mine", series: sloppy }, by: "ann" });

    expect(await db.watch.portfolios()).toEqual([{ name: "mine", series: [BTC] }]);
  });

  test("refuses a portfolio with one series that is none, whole", async () => {
    const { commander, db } = setUp();
    const series = [BTC, { ...BTC, exchange: "nowhere" }];

    const answer = await commander.savePortfolio({ portfolio: { name: "odd", series }, by: "ann" });

    expect(answer).toMatchObject({ kind: "refused", field: "exchange" });
    expect(await db.watch.portfolios()).toEqual([]);
  });
});
