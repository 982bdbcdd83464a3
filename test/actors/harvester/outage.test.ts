import { describe, expect, test } from "vitest";
import { setUp, span } from "./world.ts";

describe("a harvester whose candles cannot be stored, the database being away", () => {
  test("polls on after each close, and keeps two answers of a series at most", async () => {
    const { follow, close, db, market, architect, polls } = setUp();
    await follow();
    db.offlineCalls = 1_000_000;
    const before = [market.requests.length, architect.of("saveCandles").length] as const;

    for (const n of span(0, 29)) await close(n);

    expect(market.requests.length - before[0]).toBe(30);
    expect(new Set(polls())).toEqual(new Set(["ok 1"]));
    // One on its way; the other one waits in the harvester.
    expect(architect.of("saveCandles").length - before[1]).toBe(1);
    expect(market.requests.at(-1)).toMatchObject({ limit: 30 + 3 + 1 });
  });

  test("lacks nothing once it is back, wakes by the newest candle alone, and opened no gap", async () => {
    const { follow, close, db, clock, stored, woken, analyst, events } = setUp();
    await follow();
    db.offlineCalls = 1_000_000;
    for (const n of span(0, 29)) await close(n);

    db.offlineCalls = 0;
    await clock.advance(5_000);

    expect(stored()).toEqual(span(-10, 29));
    expect(woken()).toEqual([29]);
    expect(analyst.of("reload").length).toBeGreaterThan(0);
    expect(db.notes.size).toBe(0);
    const told = events.flatMap((e) => (e.kind === "store-changed" ? [e.state] : []));
    expect(told).toEqual(["offline", "ok"]);
    await close(30);
    expect(woken()).toEqual([29, 30]);
  });

  test("wakes nobody by a candle whose own window is over when it is stored", async () => {
    const { follow, close, db, clock, stored, woken } = setUp();
    await follow();
    db.offlineCalls = 1_000_000;
    await close(0);
    await clock.advance(120_000);

    db.offlineCalls = 0;
    await clock.advance(5_000);

    expect([stored().at(-1), woken()]).toEqual([0, []]);
  });

  test("asks for no more than fits when very much is due, and pages up to now when it is over", async () => {
    const { follow, close, db, clock, market, stored, woken, at } = setUp();
    await follow();
    db.offlineCalls = 10_000_000;
    await close(0);

    await close(560);

    expect(market.requests.at(-1)).toMatchObject({ sinceMs: at(-3), limit: 500 });
    db.offlineCalls = 0;
    await clock.advance(10_000);
    expect(stored()).toEqual(span(-10, 560));
    expect(woken()).toEqual([560]);
  });

  test("loads the history of a series that is added meanwhile as soon as it can", async () => {
    const { harvester, order, db, clock, stored } = setUp();
    db.offlineCalls = 1_000_000;

    const following = harvester.follow(order);
    await clock.advance(300_000);
    db.offlineCalls = 0;
    await clock.advance(5_000);

    expect(await following).toMatchObject({ kind: "ready" });
    expect(stored().length).toBeGreaterThanOrEqual(10);
  });
});
