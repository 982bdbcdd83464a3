import { describe, expect, test } from "vitest";
import { NOON } from "../../kit/builders.ts";
import { candleAt } from "../../kit/fake-market.ts";
import { at, BTC, batch, ETH, HOUR, revisedAt, setUp } from "./world.ts";

describe("an architect that stores candles", () => {
  test("wakes the one analyst it concerns by the new candle, after it is stored", async () => {
    const { architect, db, heard, events } = setUp();
    db.put(1, [candleAt(at(-1))]);

    const [answer] = await architect.saveCandles([batch([-1, 0])]);

    expect(answer).toEqual({ added: [at(0)], revised: [] });
    expect([heard(BTC), heard(ETH)]).toEqual([["wake 0"], []]);
    expect(events).toMatchObject([
      { kind: "candle-saved", openTime: at(0), closeTime: at(1), novelty: "new", source: "poll" },
    ]);
  });

  test("wakes nobody a second time by the same candle", async () => {
    const { architect, heard } = setUp();
    await architect.saveCandles([batch([0])]);

    await architect.saveCandles([batch([0])]);
    await architect.saveCandles([batch([0], { candles: [candleAt(at(0), 105)] })]);

    expect(heard(BTC)).toEqual(["wake 0", "reload"]);
  });

  test("has the analyst look again when an older candle came or changed, without a wake for it", async () => {
    const { architect, heard, kinds } = setUp();
    await architect.saveCandles([batch([0])]);

    await architect.saveCandles([batch([-1], { wakes: null })]);
    await architect.saveCandles([revisedAt(0, 1)]);

    expect(heard(BTC)).toEqual(["wake 0", "reload", "reload"]);
    expect(kinds()).toEqual(["candle-saved", "candle-saved", "candle-saved"]);
  });

  test("has the analyst take its window anew when older candles changed together with its new one", async () => {
    const { architect, analystOf, heard } = setUp();
    await architect.saveCandles([batch([-2, -1], { wakes: null })]);

    const revised = [candleAt(at(-1), 105), candleAt(at(0))];
    await architect.saveCandles([batch([0], { candles: revised })]);
    await architect.saveCandles([batch([1])]);

    expect(heard(BTC)).toEqual(["reload", "wake 0", "wake 1"]);
    expect(
      analystOf(BTC)
        .of("wake")
        .map(({ afresh }) => afresh),
    ).toEqual([true, false]);
  });

  test("tells a history at once and in one line, not candle by candle", async () => {
    const { architect, heard, events } = setUp();

    await architect.saveCandles([batch([-3, -2, -1], { source: "bootstrap", wakes: null })]);
    await architect.saveCandles([batch([-3, -2, -1], { source: "backfill", wakes: null })]);

    expect(events).toMatchObject([{ kind: "history-saved", count: 3, newestOpenTime: at(-1) }]);
    expect(heard(BTC)).toEqual(["reload"]);
  });

  test("makes the coming months of the timeframes in use, once each, whatever the age of its rows", async () => {
    const { architect, db } = setUp();
    await architect.addSeries({ series: BTC, portfolio: "main", by: "ann" });
    await architect.start();

    for (const n of [0, 1, -9_000]) await architect.saveCandles([batch([n], { wakes: null })]);
    await architect.saveCandles([batch([0], { series: { ...BTC, timeframe: "1m" } })]);

    const now = NOON + HOUR + 6_000;
    expect(db.partitions.map(([timeframe, from]) => [timeframe, from])).toEqual([
      ["1h", now],
      ["1m", now],
    ]);
  });

  test("holds on while the database is away, and says so once each way", async () => {
    const { architect, db, clock, kinds, heard } = setUp();
    db.offlineCalls = 4;

    const saving = architect.saveCandles([batch([0])]);
    await clock.advance(60_000);
    await saving;

    expect(heard(BTC)).toEqual(["wake 0"]);
    expect(kinds()).toEqual(["store-changed", "store-changed", "candle-saved"]);
  });

  test("takes a candle that waited for the database beyond its window for history", async () => {
    const { architect, db, clock, heard } = setUp();
    db.offlineCalls = 1_000_000;
    const saving = architect.saveCandles([batch([0])]);
    await clock.advance(HOUR);

    db.offlineCalls = 0;
    await clock.advance(2_000);
    await saving;

    expect(heard(BTC)).toEqual(["reload"]);
  });

  test("fails on what the database refuses, and tells nobody of the candles", async () => {
    const { architect, db, heard } = setUp();
    await architect.start();
    db.refuseNext = "23514";

    await expect(architect.saveCandles([batch([0])])).rejects.toMatchObject({ reason: "23514" });

    expect(heard(BTC)).toEqual([]);
  });

  test("gives up waiting for the database when it is stopped", async () => {
    const { architect, db, clock, context } = setUp();
    db.offlineCalls = 1_000;

    const saving = architect.saveCandles([batch([0])]);
    saving.catch(() => undefined);
    await clock.advance(1_000);
    context.end();

    await expect(saving).rejects.toMatchObject({ code: "actor-stopped" });
    expect(clock.pending).toBe(0);
  });
});
