import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { TIMEFRAMES, type Timeframe, timeframeMs } from "../../../src/market/timeframe.ts";
import { setUp } from "./world.ts";

/** A Monday, so that every timeframe opens a candle then. */
const MONDAY = Date.UTC(2026, 2, 9);

interface Row {
  readonly quick: readonly number[];
  readonly pendingAt: number;
  readonly every: number;
  readonly last: number;
  readonly givenUpAt: number;
  readonly tries: number;
}

/** The table of docs/failure-modes.md; every figure in seconds after the close. */
const TABLE = new Map<string, Row>(
  readFileSync("docs/failure-modes.md", "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => cells.length === 9 && TIMEFRAMES.some((name) => name === cells[1]))
    .map(([, timeframe = "", quick = "", pendingAt, every, last, givenUpAt, tries]) => [
      timeframe,
      {
        quick: quick.split(", ").map(Number),
        pendingAt: Number.parseInt(pendingAt ?? "", 10),
        every: Number.parseInt(every ?? "", 10),
        last: Number.parseInt(last ?? "", 10),
        givenUpAt: Number.parseInt(givenUpAt ?? "", 10),
        tries: Number(tries),
      },
    ]),
);

/** Asks for a candle that does not come, and notes when, in seconds after its close. */
async function pursued(timeframe: Timeframe) {
  const world = setUp(timeframe, MONDAY);
  const { market, clock, at, follow, close, events } = world;
  await follow();
  const closeTime = at(1);
  const since = (): number => (clock.nowMs() - closeTime) / 1_000;
  const asked: number[] = [];
  const told: { readonly kind: string; readonly at: number }[] = [];
  const ask = market.candles.bind(market);
  market.candles = (request, options) => {
    asked.push(since());
    return ask(request, options);
  };
  const push = events.push.bind(events);
  events.push = (...more) => {
    told.push(...more.map(({ kind }) => ({ kind, at: since() })));
    return push(...more);
  };
  market.always = "down";
  await close(0);
  return { ...world, asked, told, step: timeframeMs(timeframe) };
}

describe("a candle that does not come", () => {
  test("has a row in the table for every timeframe", () => {
    expect([...TABLE.keys()]).toEqual([...TIMEFRAMES]);
  });

  test.each(TIMEFRAMES)(
    "is asked for as the table says, and given up at the next close: %s",
    async (timeframe) => {
      const row = TABLE.get(timeframe);
      const { asked, told, clock, at, close, gap, woken } = await pursued(timeframe);
      // One moment before the next close is told.
      await clock.advance(at(2) + 4_999 - clock.nowMs());

      const slow = Array.from(
        { length: (row?.tries ?? 0) - (row?.quick.length ?? 0) },
        (_, n) => (row?.pendingAt ?? 0) + (n + 1) * (row?.every ?? 0),
      );
      expect(asked).toEqual([...(row?.quick ?? []), ...slow]);
      expect(asked.at(-1)).toBe(row?.last);
      expect(gap(0)).toBe("pending");
      expect(told.filter(({ kind }) => kind === "retry-pending")).toEqual([
        { kind: "retry-pending", at: row?.pendingAt },
      ]);
      await close(1);

      expect(gap(0)).toBe("missing");
      expect(told.filter(({ kind }) => kind === "gap-opened")).toEqual([
        { kind: "gap-opened", at: row?.givenUpAt },
      ]);
      expect(woken()).toEqual([]);
    },
  );

  test.each(TIMEFRAMES)(
    "raises no signal when it comes after all, and is history: %s",
    async (timeframe) => {
      const { market, clock, at, close, gap, woken, analyst, stored } = await pursued(timeframe);
      await clock.advance(at(2) + 4_999 - clock.nowMs());
      await close(1);
      market.always = "ok";
      await close(2);

      expect(gap(0)).toBe("healed");
      expect(stored().slice(-3)).toEqual([0, 1, 2]);
      expect(woken()).toEqual([1, 2]);
      // The window of the next one still ran when both came; the healed one is behind it.
      expect(analyst.of("wake").map(({ afresh }) => afresh)).toEqual([true, false]);
    },
  );
});
