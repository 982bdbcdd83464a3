import { describe, expect, test } from "vitest";
import { isInTradingWeek } from "../../../src/exchanges/oanda/trading-week.ts";
import { setUp, span } from "./world.ts";

/** Friday 9 January 2026, 20:00 UTC: two hours before currencies rest until Sunday 22:00 UTC. */
const FRIDAY = Date.UTC(2026, 0, 9, 20);

/** A harvester of a market that rests at weekends and has no candles of them. */
function weekend(startMs = FRIDAY) {
  const world = setUp("1h", startMs);
  const { market, at } = world;
  market.opens = isInTradingWeek;
  for (let n = -100; n < 60; n++) if (!isInTradingWeek(at(n), at(n + 1))) market.lacks.add(at(n));
  return world;
}

describe("a harvester at the weekend of its market", () => {
  test("asks for nothing and misses nothing, and takes up again where trading does", async () => {
    const { follow, close, market, db, stored, woken, at } = weekend();
    await follow();
    for (let n = 0; n < 2; n++) await close(n);
    const asked = market.requests.length;

    for (let n = 2; n < 50; n++) await close(n);
    expect(market.requests.length).toBe(asked);
    for (let n = 50; n < 53; n++) await close(n);

    expect(stored()).toEqual([...span(-10, 1), ...span(50, 52)]);
    expect(woken()).toEqual([0, 1, 50, 51, 52]);
    expect(db.notes.size).toBe(0);
    expect(at(50)).toBe(Date.UTC(2026, 0, 11, 22));
  });

  test("goes on with the last candle of the week until it has it", async () => {
    const { follow, close, market, stored, gap, clock } = weekend();
    await follow();
    await close(0);
    market.always = "late";
    await close(1);
    await close(2);
    expect(stored()).toEqual(span(-10, 0));

    market.always = "ok";
    await clock.advance(3_600_000);

    expect(stored()).toEqual(span(-10, 1));
    expect(gap(2)).toBeUndefined();
  });

  test("still notes what lacks in the week", async () => {
    const { follow, close, market, gap, at } = weekend();
    await follow();
    market.lacks.add(at(51));
    for (let n = 0; n < 54; n++) await close(n);

    expect(gap(51)).toBe("empty");
    expect(gap(30)).toBeUndefined();
  });

  test("brings as much history as its analyst needs, across the weekend", async () => {
    const monday = Date.UTC(2026, 0, 12, 2);
    const { follow, stored, db } = weekend(monday);

    expect(await follow()).toEqual({ kind: "ready", candles: 10 });
    // Four hours of the new week, and the last six of the one before.
    expect(stored()).toEqual([...span(-58, -53), ...span(-4, -1)]);
    expect(db.notes.size).toBe(0);
  });

  test("brings the last week's history when it is followed on a Saturday", async () => {
    const { follow, stored, db, market, clock } = weekend(Date.UTC(2026, 0, 10, 12));

    expect(await follow()).toEqual({ kind: "ready", candles: 10 });
    expect(stored()).toEqual(span(-24, -15).map((n) => n + 0));
    await clock.advance(3_600_000);
    expect(market.requests.every(({ options }) => options.priority === 6)).toBe(true);
    expect(db.notes.size).toBe(0);
  });
});
