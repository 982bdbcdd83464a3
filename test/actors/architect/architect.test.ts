import { describe, expect, test } from "vitest";
import { candleAt } from "../../kit/fake-market.ts";
import { at, BTC, batch, ETH, gap, look, setUp } from "./world.ts";

describe("an architect that is asked for history", () => {
  test("gives the newest candles, what is missing among them, and what is owed", async () => {
    const { architect, db } = setUp();
    db.put(1, [candleAt(at(-3)), candleAt(at(-1))]);
    await architect.noteGaps([[gap(-2, "missing"), gap(-9, "missing")]]);
    await architect.saveCandles([batch([0])]);

    const request = { ...look, takesOwed: true };
    const [first] = await architect.history([request]);
    const [second] = await architect.history([request]);

    expect(first?.candles.map((candle) => candle.openTime)).toEqual([at(-3), at(-1), at(0)]);
    expect(first?.missing).toEqual([at(-2)]);
    expect([first?.owed, second?.owed]).toEqual([{ openTime: at(0), answeredAt: 77 }, null]);
  });

  test("keeps what is owed for the analyst when somebody else looks", async () => {
    const { architect } = setUp();
    await architect.saveCandles([batch([0])]);

    const [other] = await architect.history([{ ...look, takesOwed: false }]);
    const [analyst] = await architect.history([{ ...look, takesOwed: true }]);

    expect([other?.owed, analyst?.owed?.openTime]).toEqual([null, at(0)]);
  });

  test("counts nothing as missing that is stored, though its gap is not marked healed yet", async () => {
    const { architect } = setUp();
    await architect.noteGaps([[gap(-1, "missing")]]);

    await architect.saveCandles([batch([-2, -1, 0])]);
    const [history] = await architect.history([{ ...look, takesOwed: false }]);

    expect(history?.missing).toEqual([]);
  });

  test("marks a gap healed whose candle is stored, when whoever was to tell of it died", async () => {
    const { architect, db, events, kinds } = setUp();
    await architect.noteGaps([[gap(-1, "pending"), gap(-2, "missing"), gap(-3, "missing")]]);
    await architect.saveCandles([batch([-2, -1, 0])]);
    events.length = 0;

    await architect.history([{ ...look, takesOwed: false }]);
    await architect.history([{ ...look, takesOwed: false }]);

    const states = [-1, -2, -3].map((n) => db.gap(1, at(n)));
    expect(states).toEqual(["healed", "healed", "missing"]);
    expect(kinds()).toEqual(["gap-healed", "gap-healed"]);
  });

  test("marks one healed as well that was taken for empty, and counts none of those as missing", async () => {
    const { architect, db, events, kinds } = setUp();
    await architect.noteGaps([[gap(-1, "empty"), gap(-2, "empty")]]);
    await architect.saveCandles([batch([-3, -1, 0])]);
    events.length = 0;

    const [history] = await architect.history([{ ...look, takesOwed: false }]);

    expect([-1, -2].map((n) => db.gap(1, at(n)))).toEqual(["healed", "empty"]);
    expect([history?.missing, history?.empty, kinds()]).toEqual([[], [at(-2)], ["gap-healed"]]);
  });

  test("owes after a restart of the hub what nobody had thought about", async () => {
    const before = setUp();
    const id = (await before.architect.addSeries({ series: BTC, portfolio: "main", by: "ann" }))
      .series.id;
    await before.architect.saveCandles([batch([-1], { seriesId: id })]);
    await before.architect.evaluated([{ seriesId: id, openTime: at(-1) }]);
    await before.architect.saveCandles([batch([0], { seriesId: id })]);

    const { architect } = setUp(before.db);
    await architect.start();
    const [history] = await architect.history([{ ...look, seriesId: id, takesOwed: true }]);

    expect(history?.owed?.openTime).toBe(at(0));
  });

  test("owes for an exchange that it takes up what another hub stored and had not thought about", async () => {
    const { architect, db, heard } = setUp();
    const { id } = (await db.watch.add("main", BTC, "ann", 0)).series;
    await db.watch.markEvaluated([{ seriesId: id, openTime: at(-1) }]);
    await architect.start();
    db.put(id, [candleAt(at(-1)), candleAt(at(0))]);
    const owed = async (): Promise<number | undefined> => {
      const [history] = await architect.history([{ ...look, seriesId: id, takesOwed: true }]);
      return history?.owed?.openTime;
    };
    const before = await owed();

    const elsewhere = await architect.takeUp({ exchange: "kraken" });
    const found = await architect.takeUp({ exchange: "binance" });

    expect([before, elsewhere]).toEqual([undefined, []]);
    expect(found).toMatchObject([{ ...BTC, id, newestOpenTime: at(0) }]);
    expect([await owed(), heard(BTC)]).toEqual([at(0), []]);
  });

  test("marks each candle as done once", async () => {
    const { architect, db } = setUp();
    const mark = { seriesId: 1, openTime: at(0) };

    expect(await architect.evaluated([mark, mark])).toHaveLength(2);
    db.refuseNext = "must not be called";
    await architect.evaluated([mark]);

    expect(db.evaluated.get(1)).toBe(at(0));
  });

  test("knows nothing of a series without candles", async () => {
    const { architect } = setUp();

    expect(await architect.history([{ ...look, takesOwed: true }])).toEqual([
      { candles: [], missing: [], empty: [], owed: null },
    ]);
  });
});

describe("an architect that is told of gaps and wishes", () => {
  test("tells what became of a candle once, and has its analyst look again once a message", async () => {
    const { architect, kinds, heard } = setUp();

    await architect.noteGaps([[gap(0, "pending")]]);
    await architect.noteGaps([[gap(0, "pending")]]);
    await architect.noteGaps([[gap(0, "missing"), gap(-1, "empty", { series: { ...BTC } })]]);
    await architect.noteGaps([[gap(0, "healed"), gap(-1, "missing"), gap(-5, "healed")]]);

    expect(kinds()).toEqual(["retry-pending", "gap-opened", "gap-confirmed-empty", "gap-healed"]);
    expect(heard(BTC)).toEqual(["reload", "reload", "reload"]);
  });

  test("tells of series that join and leave, but not twice", async () => {
    const { architect, kinds } = setUp();
    const change = { series: BTC, portfolio: "main", by: "ann" };

    const answers = [await architect.addSeries(change), await architect.addSeries(change)];
    const removed = [await architect.removeSeries(change), await architect.removeSeries(change)];

    expect(answers.map((answer) => answer.added)).toEqual([true, false]);
    expect(removed).toEqual([true, false]);
    expect(kinds()).toEqual(["series-added", "series-removed"]);
    expect(await architect.watched()).toEqual([]);
  });

  test("keeps portfolios, and says once that it is used for the first time", async () => {
    const { architect, kinds } = setUp();
    const portfolio = { name: "main", series: [BTC, ETH] };

    await architect.savePortfolio({ portfolio, by: "ann" });

    expect(await architect.portfolios()).toEqual([portfolio]);
    expect([await architect.firstUse(), await architect.firstUse()]).toEqual([true, false]);
    expect(kinds()).toEqual(["portfolio-saved"]);
  });
});

describe("an architect and its janitor", () => {
  test("has it work from the start on, until the architect itself is stopped", async () => {
    const { architect, janitors, context } = setUp();

    await architect.start();
    const working = janitors.map((signal) => signal.aborted);
    context.end();

    expect(working).toEqual([false]);
    expect(janitors.map((signal) => signal.aborted)).toEqual([true]);
  });
});
