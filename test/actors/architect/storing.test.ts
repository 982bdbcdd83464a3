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

  test("tells a history at once and in one line, not candle by candle", async () => {
    const { architect, heard, events } = setUp();

    await architect.saveCandles([batch([-3, -2, -1], { source: "bootstrap", wakes: null })]);
    await architect.saveCandles([batch([-3, -2, -1], { source: "backfill", wakes: null })]);

    expect(events).toMatchObject([{ kind: "history-saved", count: 3, newestOpenTime: at(-1) }]);
    expect(heard(BTC)).toEqual(["reload"]);
  });

  test("makes the partitions its rows need before it writes them", async () => {
    const { architect, db } = setUp();
    await architect.start();

    for (const n of [0, 1, 0]) await architect.saveCandles([batch([n])]);
    await architect.saveCandles([batch([-9_000], { wakes: null })]);

    expect(db.partitions.map(([from]) => from)).toEqual([NOON + HOUR + 6_000, at(0), at(-9_000)]);
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
