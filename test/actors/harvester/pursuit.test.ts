import { describe, expect, test } from "vitest";
import { setUp, span } from "./world.ts";

describe("a harvester after a close", () => {
  test("brings the candle at the first try and has its analyst woken with it, once", async () => {
    const { follow, close, woken, stored, polls, events, clock } = setUp();
    await follow();

    await close(0);

    expect(stored()).toEqual(span(-10, 0));
    expect(woken()).toEqual([0]);
    expect(polls()).toEqual(["ok 1"]);
    expect(events.findLast((e) => e.kind === "poll-finished")).toMatchObject({ latenessMs: 5_000 });
    await clock.advance(55_000);
    expect(woken()).toEqual([0]);
  });

  test("brings a candle that is two tries late within the schedule", async () => {
    const { follow, close, woken, market, clock, polls, events } = setUp();
    await follow();
    market.script.push("late", "late");

    await close(0);
    await clock.advance(6_999);
    expect(woken()).toEqual([]);
    await clock.advance(1);

    expect(woken()).toEqual([0]);
    expect(polls()).toEqual(["missing 1", "missing 2", "ok 3"]);
    expect(events.filter((e) => e.kind === "candle-saved")).toMatchObject([{ source: "retry" }]);
    expect(events.some((e) => e.kind === "retry-pending" || e.kind === "gap-opened")).toBe(false);
  });

  test("gives up a candle at the next close: pending, then missing, then history without a signal", async () => {
    const { follow, close, woken, market, clock, gap, polls, analyst, events } = setUp();
    await follow();
    market.script.push("late", "late", "late", "late", "late", "late", "down");

    await close(0);
    await clock.advance(44_999);
    expect([polls().length, gap(0)]).toEqual([5, undefined]);
    await clock.advance(1);
    expect([polls().length, gap(0)]).toEqual([6, "pending"]);
    await close(1);

    expect(woken()).toEqual([1]);
    expect(gap(0)).toBe("healed");
    expect(
      events.flatMap((e) => ("openTime" in e && e.kind !== "candle-saved" ? [e.kind] : [])),
    ).toEqual(["retry-pending", "gap-opened", "gap-healed"]);
    expect(analyst.of("reload").length).toBeGreaterThan(0);
    await clock.advance(600_000);
    expect(woken()).toEqual([1]);
  });

  test("takes a candle that comes after its window as history, and wakes with the next one", async () => {
    const { follow, close, market, clock, woken, stored, gap, analyst } = setUp();
    await follow();
    market.always = "late";
    await close(0);
    await clock.advance(57_000);
    expect([stored().at(-1), woken(), gap(0)]).toEqual([0, [], "healed"]);

    market.always = "ok";
    await close(1);

    expect(woken()).toEqual([1]);
    expect(analyst.of("reload").length).toBeGreaterThan(0);
  });

  test("retries a long timeframe every five minutes until its next close", async () => {
    const { follow, close, market, clock, polls, woken } = setUp("1h");
    await follow();
    market.always = "late";

    await close(0);
    await clock.advance(45_000);
    expect(polls()).toHaveLength(6);
    await clock.advance(3 * 300_000);
    market.always = "ok";
    await clock.advance(300_000);

    expect(polls()).toHaveLength(10);
    expect(woken()).toEqual([0]);
  });

  test("notes as empty what the venue itself lacks, before the next candle wakes anybody", async () => {
    const { follow, close, market, gap, woken, architect, at } = setUp();
    await follow();
    market.lacks.add(at(0));

    await close(0);
    await close(1);
    await close(2);

    expect(woken()).toEqual([1, 2]);
    expect(gap(0)).toBe("empty");
    const topics = architect.received.map((one) => one.topic);
    expect(topics.slice(topics.lastIndexOf("noteGaps"))).toContain("saveCandles");
  });

  test("takes no candle for empty that is only later than the next one", async () => {
    const { follow, close, market, gap, woken, stored, clock, at } = setUp();
    await follow();
    market.lacks.add(at(0));

    await close(1);
    const before = [woken(), stored()];
    market.lacks.clear();
    await clock.advance(2_000);

    expect(before).toEqual([[], span(-10, -1)]);
    expect([woken(), stored(), gap(0)]).toEqual([[1], span(-10, 1), undefined]);
  });

  test("heals a candle that was taken for empty when it comes after all, and wakes nobody by it", async () => {
    const { follow, close, market, gap, woken, stored, clock, at } = setUp();
    await follow();
    market.lacks.add(at(0));
    await close(0);
    await close(1);
    await clock.advance(2_000);
    expect([woken(), gap(0)]).toEqual([[1], "empty"]);

    market.lacks.clear();
    await close(2);

    expect([woken(), stored(), gap(0)]).toEqual([[1, 2], span(-10, 2), "healed"]);
  });

  test("calls missing what an answer begins after, before anybody is woken by the rest", async () => {
    const { follow, close, market, gap, woken, architect } = setUp();
    await follow();
    const candles = market.candles.bind(market);
    market.candles = async (request, options) => {
      const answer = await candles(request, options);
      return { ...answer, candles: answer.candles.slice(-3) };
    };

    await close(4);

    expect(woken()).toEqual([4]);
    expect(span(0, 4).map(gap)).toEqual(["missing", "missing", "missing", undefined, undefined]);
    const topics = architect.received.map((one) => one.topic);
    expect(topics.slice(topics.lastIndexOf("noteGaps"))).toContain("saveCandles");
  });

  test("asks again for a candle that came damaged", async () => {
    const { follow, close, market, clock, polls, woken, gap } = setUp();
    await follow();
    market.script.push("corrupt");

    await close(0);
    await clock.advance(2_000);

    expect(polls()).toEqual(["corrupt 1", "ok 2"]);
    expect([woken(), gap(0)]).toEqual([[0], undefined]);
  });

  test("goes on through failures of the exchange and bans", async () => {
    const { follow, close, market, clock, polls, woken } = setUp();
    await follow();
    market.script.push("down", "banned");

    await close(0);
    await clock.advance(7_000);

    expect(polls()).toEqual(["failed 1", "banned 2", "ok 3"]);
    expect(woken()).toEqual([0]);
  });

  test("asks again when the architect could not store the answer", async () => {
    const { follow, close, architect, clock, woken } = setUp();
    await follow();
    const save = architect.answers.saveCandles;
    delete architect.answers.saveCandles;

    await close(0);
    expect(woken()).toEqual([]);
    if (save !== undefined) architect.answers.saveCandles = save;
    await clock.advance(2_000);

    expect(woken()).toEqual([0]);
  });

  test("asks for the rows that are due and three more, however long it was away", async () => {
    const { follow, close, market, stored, woken } = setUp();
    await follow();

    await close(6);

    expect(market.requests.at(-1)).toMatchObject({ limit: 7 + 3 + 1 });
    expect(stored()).toEqual(span(-10, 6));
    expect(woken()).toEqual([6]);
  });

  test("pages at once, from old to new, when more is due than one answer holds", async () => {
    const { follow, close, market, stored, at, woken } = setUp();
    market.maxCandles = 8;
    await follow();

    const before = market.requests.length;
    await close(19);

    expect(market.requests[before]).toMatchObject({ sinceMs: at(-3), limit: 8 });
    expect(stored()).toEqual(span(-10, 19));
    expect(woken()).toEqual([19]);
  });

  test("marks as missing an older candle that came damaged beside the expected one", async () => {
    const { follow, close, market, gap, woken, at, architect } = setUp();
    await follow();
    const candles = market.candles.bind(market);
    market.candles = async (request, options) => {
      const answer = await candles(request, options);
      const rejected = [{ openTime: at(1), reason: "not-finite" }];
      return { ...answer, rejected, candles: answer.candles.filter((c) => c.openTime !== at(1)) };
    };

    await close(2);
    expect([woken(), gap(1)]).toEqual([[2], "missing"]);
    market.candles = candles;
    await close(3);

    expect([woken(), gap(1)]).toEqual([[2, 3], "healed"]);
    expect(architect.of("noteGaps").flat()).toHaveLength(2);
  });

  test("asks for pairs with an open position first", async () => {
    const { follow, close, market } = setUp();
    await follow();

    await close(0, ["BTC/USDT"]);
    await close(1, ["ETH/USDT"]);

    expect(market.requests.slice(-2).map(({ options }) => options.priority)).toEqual([4, 5]);
  });

  test("polls only the timeframe that closed, and each close once", async () => {
    const { follow, close, market, harvester, at } = setUp();
    await follow();
    const before = market.requests.length;

    harvester.closed({ timeframe: "5m", closeTime: at(5), heldPairs: [] });
    await close(0);
    await close(0);

    expect(market.requests.length).toBe(before + 1);
  });

  test("does not give a candle up when it is told of its close while it pursues it already", async () => {
    const { follow, close, market, clock, gap, woken, events } = setUp();
    await follow();
    market.always = "late";
    await clock.advance(61_000);
    await follow();

    await close(0);
    market.always = "ok";
    await clock.advance(15_000);

    expect([woken(), gap(0)]).toEqual([[0], undefined]);
    expect(events.some((e) => e.kind === "gap-opened")).toBe(false);
  });

  test("crashes on a fault that is nobody's but its own", async () => {
    const { follow, close, market, context } = setUp();
    await follow();
    market.script.push("bug");

    await close(0);

    expect(context.failures).toMatchObject([{ message: "a fault of ours" }]);
  });

  test("leaves no gap and no timer behind when it is stopped or told to forget", async () => {
    for (const end of ["stop", "forget"] as const) {
      const { follow, close, market, clock, harvester, db, followed, woken } = setUp();
      await follow();
      market.always = "late";
      await close(0);

      if (end === "stop") harvester.stop();
      else harvester.forget(followed);
      market.always = "ok";
      await close(1);
      await clock.advance(600_000);

      expect([woken(), db.notes.size]).toEqual(end === "stop" ? [[1], 0] : [[], 0]);
      expect(clock.pending).toBe(0);
    }
  });
});
