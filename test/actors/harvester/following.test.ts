import { describe, expect, test } from "vitest";
import { candleAt } from "../../kit/fake-market.ts";
import { setUp, span } from "./world.ts";

describe("a harvester that is told to follow", () => {
  test("brings the history an empty store lacks", async () => {
    const { follow, stored, events, woken, market } = setUp();

    const answer = await follow();

    expect(answer).toEqual({ kind: "ready", candles: 10 });
    expect(stored()).toEqual(span(-10, -1));
    expect(woken()).toEqual([]);
    expect(market.requests.map(({ options }) => options.priority)).toEqual([6]);
    expect(events.filter((e) => e.kind === "history-saved")).toMatchObject([
      { source: "bootstrap", count: 10 },
    ]);
  });

  test("asks for the last few only when enough is stored", async () => {
    const { follow, db, at, market, stored } = setUp();
    db.put(
      1,
      span(-12, -1).map((n) => candleAt(at(n))),
    );

    expect(await follow()).toEqual({ kind: "ready", candles: 10 });
    expect(market.requests).toMatchObject([{ sinceMs: at(-4), limit: 4 }]);
    expect(stored()).toEqual(span(-12, -1));
  });

  test("fills up a store that holds too little", async () => {
    const { follow, db, at, stored } = setUp();
    db.put(
      1,
      span(-3, -1).map((n) => candleAt(at(n))),
    );

    expect(await follow()).toEqual({ kind: "ready", candles: 10 });
    expect(stored()).toEqual(span(-10, -1));
  });

  test("takes what there is of a pair that is not traded for long, and calls nothing a gap", async () => {
    const { follow, market, at, stored, db, harvester, followed } = setUp();
    market.listedAt = at(-4);

    expect(await follow()).toEqual({ kind: "ready", candles: 4 });
    harvester.forget(followed);
    await follow();

    expect(stored()).toEqual(span(-4, -1));
    expect(db.notes.size).toBe(0);
  });

  test("notes a hole of the venue's own once as empty", async () => {
    const { follow, market, at, gap, architect, harvester, followed } = setUp();
    market.lacks.add(at(-5));

    await follow();
    harvester.forget(followed);
    await follow();

    expect(gap(-5)).toBe("empty");
    expect(architect.of("noteGaps")[0]).toHaveLength(1);
  });

  test("notes a candle of the past that came damaged as missing, and asks for it at the next start", async () => {
    const { follow, market, gap, harvester, followed, stored, at } = setUp();
    const candles = market.candles.bind(market);
    market.candles = async (request, options) => {
      const answer = await candles(request, options);
      const rejected = [{ openTime: at(-8), reason: "not-finite" }];
      return { ...answer, rejected, candles: answer.candles.filter((c) => c.openTime !== at(-8)) };
    };

    await follow();
    expect([stored(), gap(-8)]).toEqual([[-10, -9, ...span(-7, -1)], "missing"]);
    harvester.forget(followed);
    market.candles = candles;
    await follow();

    expect([stored(), gap(-8)]).toEqual([span(-10, -1), "healed"]);
  });

  test("reaches back to what is still missing in the window", async () => {
    const { follow, db, at, market, gap, stored, harvester, followed } = setUp();
    db.put(
      1,
      [...span(-12, -9), ...span(-7, -1)].map((n) => candleAt(at(n))),
    );
    const note = { seriesId: 1, openTime: at(-8), reason: "late", attempts: 6, at: 0 };
    await db.gaps.note([{ ...note, state: "missing" }]);

    await follow();
    harvester.forget(followed);

    expect(market.requests[0]).toMatchObject({ sinceMs: at(-9) });
    expect(stored()).toEqual(span(-12, -1));
    expect(gap(-8)).toBe("healed");
  });

  test("heals a candle that was taken for empty before it was started anew", async () => {
    const { follow, db, at, gap, stored } = setUp();
    db.put(
      1,
      [...span(-12, -3), -1].map((n) => candleAt(at(n))),
    );
    const note = { seriesId: 1, openTime: at(-2), reason: "none", attempts: 1, at: 0 };
    await db.gaps.note([{ ...note, state: "empty" }]);

    await follow();

    expect([stored(), gap(-2)]).toEqual([span(-12, -1), "healed"]);
  });

  test("says of what the venue's history does not reach back to that it is missing, not empty", async () => {
    const { follow, db, at, gap, stored, market } = setUp();
    db.put(
      1,
      span(-40, -30).map((n) => candleAt(at(n))),
    );
    market.listedAt = at(-20);

    await follow();

    expect(stored()).toEqual([...span(-40, -30), ...span(-20, -1)]);
    expect(span(-30, -20).map(gap)).toEqual([
      undefined,
      ...span(-29, -21).map(() => "missing"),
      undefined,
    ]);
  });

  test("notes a hole of the venue's own as empty wherever its pages meet", async () => {
    for (const hole of span(-36, -20)) {
      const { follow, db, at, gap, stored, market } = setUp();
      db.put(
        1,
        span(-60, -40).map((n) => candleAt(at(n))),
      );
      market.maxCandles = 7;
      market.lacks.add(at(hole));

      await follow();

      expect(stored()).toEqual([...span(-60, hole - 1), ...span(hole + 1, -1)]);
      expect([gap(hole), db.notes.size]).toEqual(["empty", 1]);
    }
  });

  test("catches up on a longer absence in pages, without a hole", async () => {
    const { follow, db, at, market, stored, events } = setUp();
    db.put(
      1,
      span(-60, -40).map((n) => candleAt(at(n))),
    );
    market.maxCandles = 7;

    await follow();

    expect(stored()).toEqual(span(-60, -1));
    expect(market.requests.every(({ limit }) => limit <= 7)).toBe(true);
    expect(events.filter((e) => e.kind === "history-saved")).not.toHaveLength(0);
  });

  test("pursues a candle that closed while it was loading", async () => {
    const { follow, market, clock, woken } = setUp();
    await clock.advance(59_999);
    const candles = market.candles.bind(market);
    market.candles = async (request, options) => {
      const answer = await candles(request, options);
      await clock.advance(1);
      market.candles = candles;
      return answer;
    };

    await follow();

    expect(woken()).toEqual([0]);
  });

  test("waits while the exchange does not answer, and loads when told again", async () => {
    const { follow, market, stored } = setUp();
    market.script.push("down");

    expect(await follow()).toEqual({ kind: "waiting", reason: "binance: no answer" });
    expect(await follow()).toEqual({ kind: "ready", candles: 10 });
    expect(stored()).toEqual(span(-10, -1));
  });

  test("waits while the architect does not answer", async () => {
    const { follow, architect } = setUp();
    delete architect.answers.saveHistory;

    expect(await follow()).toMatchObject({ kind: "waiting" });
  });

  test("loads once for all who tell it to follow, and again only for more candles", async () => {
    const { harvester, order, market, stored } = setUp();

    await Promise.all([harvester.follow(order), harvester.follow(order)]);
    expect(market.requests).toHaveLength(1);
    await harvester.follow({ ...order, candles: 20 });

    expect(stored()).toEqual(span(-20, -1));
  });

  test("pursues nothing for a series that is forgotten while it loads", async () => {
    const { harvester, order, market, followed, clock } = setUp();
    market.script.push("late");
    await clock.advance(60_000);

    const following = harvester.follow(order);
    harvester.forget(followed);

    expect(await following).toMatchObject({ kind: "waiting" });
    await clock.advance(600_000);
    expect(market.requests.length).toBeLessThanOrEqual(1);
  });

  test("throws what it did not foresee", async () => {
    const { harvester, order, market } = setUp();
    market.script.push("bug");

    await expect(harvester.follow(order)).rejects.toThrow("a fault of ours");
  });
});

describe("a harvester", () => {
  test("says at its start that it follows nothing yet, and measures the exchange's clock", async () => {
    const { harvester, commander, market, clock } = setUp();
    market.offsetMs = 250;

    harvester.start();
    await clock.advance(0);

    expect(commander.of("harvesterStarted")).toEqual([{ exchange: "binance" }]);
    expect(commander.of("clockMeasured")).toEqual([{ exchange: "binance", offsetMs: 250 }]);
  });

  test("measures the clock every ten minutes, and sooner after a failure, until it is stopped", async () => {
    const { harvester, market, clock } = setUp();
    market.failing.add("measureClock");
    harvester.start();
    await clock.advance(0);
    market.failing.clear();
    await clock.advance(15_000);
    await clock.advance(20 * 60_000);
    expect(market.calls.get("measureClock")).toBe(4);

    harvester.stop();

    expect(clock.pending).toBe(0);
  });
});
