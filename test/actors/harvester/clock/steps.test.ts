import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Timeframe } from "../../../../src/market/timeframe.ts";
import { openWorld } from "./world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Sunday evening before the first of a month: every timeframe closes within the hour. */
const SUNDAY = Date.UTC(2026, 4, 31, 23, 40, 20);
const SOME: readonly Timeframe[] = ["1m", "5m", "1h", "1d", "1w"];

/** Nothing is left to be done, and nothing was done wrongly. */
const unaccounted = ({ accounts }: Awaited<ReturnType<typeof openWorld>>) =>
  accounts().filter(({ stored, gap }) => !stored || (gap !== undefined && gap !== "healed"));

describe("a hub whose machine's clock is set", () => {
  test.each([
    ["a second on", SECOND],
    ["a second back", -SECOND],
    ["40 s on", 40 * SECOND],
    ["40 s back", -40 * SECOND],
    ["an hour on", HOUR],
    ["an hour back", -HOUR],
    ["two days on", 2 * DAY],
    ["two days back", -2 * DAY],
  ])("polls every close at its second all the same: %s", async (_, byMs) => {
    const world = await openWorld(SUNDAY, ["1m"]);
    await world.run(90 * SECOND);
    world.set(byMs);
    world.market.requests.length = 0;
    world.rung.length = 0;
    await world.run(10 * MINUTE);
    world.end();

    expect(world.rung.map(({ closeTime, at }) => at - closeTime)).toEqual(Array(10).fill(5_000));
    expect(world.market.requests).toHaveLength(10);
    expect(unaccounted(world)).toEqual([]);
    expect(world.wrong).toEqual([]);
  });

  test("measures the exchange's clock anew within 15 s, and trades nothing before the clocks agree", async () => {
    const world = await openWorld(SUNDAY, ["1m"]);
    await world.run(90 * SECOND);
    const before = world.market.calls.get("measureClock") ?? 0;
    world.set(-HOUR);

    expect(world.market.clockOffset()?.offsetMs).toBe(HOUR);
    await world.run(15 * SECOND);
    expect(world.market.calls.get("measureClock")).toBeGreaterThan(before);
    expect(world.market.clockOffset()).toMatchObject({ offsetMs: HOUR });
    world.correct();
    expect(world.market.clockOffset()?.offsetMs).toBe(0);
    world.end();
  });

  test("raises no signal it would not have raised, and each one once, when it is set back and forth", async () => {
    const world = await openWorld(SUNDAY, SOME);
    for (const byMs of [HOUR, -2 * HOUR, HOUR, -DAY, DAY]) {
      world.set(byMs);
      await world.run(4 * MINUTE);
    }
    await world.run(5 * MINUTE);
    world.end();

    expect(world.wrong).toEqual([]);
    expect(unaccounted(world)).toEqual([]);
    expect(world.woken).toEqual(
      expect.arrayContaining(["1w 2026-05-25T00:00", "1d 2026-05-31T00:00"]),
    );
  });
});

describe("a hub whose machine slept", () => {
  test.each([
    ["a minute", MINUTE, 4],
    ["a night", 8 * HOUR, 6],
    ["two days", 2 * DAY, 12],
  ])(
    "has all candles of that time a quarter of a minute and a poll later: %s",
    async (_, forMs, most) => {
      const world = await openWorld(SUNDAY, ["1m"]);
      await world.run(90 * SECOND);
      world.sleep(forMs);
      world.market.requests.length = 0;
      await world.run(15 * SECOND);

      expect(unaccounted(world)).toEqual([]);
      // Not one for each close that was missed.
      expect(world.market.requests.length).toBeLessThanOrEqual(most);
      expect(world.woken.filter((name, i, all) => all.indexOf(name) !== i)).toEqual([]);
      world.end();
    },
  );
});

describe("a hub that reads an exchange's clock wrong", () => {
  test.each([
    ["40 s ahead", 40 * SECOND],
    ["three minutes ahead", 3 * MINUTE],
    ["two days ahead", 2 * DAY],
  ])(
    "takes no close for one that has yet to come, and goes on at once when it is right: %s",
    async (_, errorMs) => {
      const world = await openWorld(SUNDAY, ["1m", "1h"]);
      await world.run(30 * SECOND);
      world.market.errorMs = errorMs;
      await world.run(21 * MINUTE);
      world.market.errorMs = 0;
      await world.run(15 * SECOND);
      world.rung.length = 0;
      await world.run(5 * MINUTE);
      world.end();

      expect(world.wrong).toEqual([]);
      expect(unaccounted(world)).toEqual([]);
      expect(world.rung.filter(({ timeframe }) => timeframe === "1m")).toHaveLength(5);
      const [last] = world.woken.filter((name) => name.startsWith("1m")).slice(-1);
      expect(last).toBe("1m 2026-06-01T00:06");
    },
  );
});

describe("a candle that was given up because of a wrong clock", () => {
  test("heals within its window once the clock is right, and raises no signal all the same", async () => {
    const world = await openWorld(SUNDAY, ["1m"]);
    const { market, run, woken, accounts } = world;
    await run(30 * SECOND);
    market.always = "down";
    await run(30 * SECOND);
    // Noticed as a step, so measured at once: two days too much.
    market.errorMs = 2 * DAY;
    world.set(SECOND);
    await run(6 * SECOND);
    const name = "1m 2026-05-31T23:40";
    expect(accounts().find((one) => one.name === name)).toMatchObject({ gap: "missing" });

    market.errorMs = 0;
    world.set(-SECOND);
    await run(6 * SECOND);
    market.always = "ok";
    await run(9 * SECOND);
    expect(accounts().find((one) => one.name === name)).toMatchObject({
      stored: true,
      gap: "healed",
    });
    await run(2 * MINUTE);
    world.end();

    expect(woken).not.toContain(name);
    expect(woken).toContain("1m 2026-05-31T23:41");
    expect(world.wrong).toEqual([]);
  });
});

/** Runs of the property. */
const RUNS = Number(process.env["CLOCK_RUNS"] ?? 40);

/** What may happen to the clocks. */
const anEvent = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), ms: fc.integer({ min: -2 * DAY, max: 2 * DAY }) }),
  fc.record({ kind: fc.constant("set" as const), ms: fc.integer({ min: -90_000, max: 90_000 }) }),
  fc.record({ kind: fc.constant("correct" as const), ms: fc.constant(0) }),
  fc.record({ kind: fc.constant("sleep" as const), ms: fc.integer({ min: 1_000, max: 2 * HOUR }) }),
  fc.record({ kind: fc.constant("error" as const), ms: fc.integer({ min: -90_000, max: 90_000 }) }),
  fc.record({ kind: fc.constant("error" as const), ms: fc.constantFrom(0, -HOUR, HOUR, 2 * DAY) }),
  fc.record({ kind: fc.constant("down" as const), ms: fc.integer({ min: 0, max: 5 * MINUTE }) }),
);
const aRun = fc.array(fc.tuple(anEvent, fc.integer({ min: 1_000, max: 6 * MINUTE })), {
  minLength: 1,
  maxLength: 8,
});

const agreeOnWrongTime = ({ clock, truth, market }: Awaited<ReturnType<typeof openWorld>>) =>
  Math.abs(market.errorMs) > SECOND &&
  Math.abs(clock.nowMs() - truth() - market.errorMs) <= 2 * SECOND;

describe("whatever happens to the clocks", () => {
  test("no close is worked on before it came, none twice, and none is lost", {
    timeout: 30_000 + 500 * RUNS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(aRun, async (steps) => {
        const world = await openWorld(SUNDAY, SOME);
        const { market, run } = world;
        for (const [{ kind, ms }, forMs] of steps) {
          if (kind === "set") world.set(ms);
          if (kind === "sleep") world.sleep(ms);
          if (kind === "correct") world.correct();
          if (kind === "error") market.errorMs = ms;
          // Two clocks that are wrong by the same are believed: nothing else tells the time.
          if (agreeOnWrongTime(world)) world.set(10 * SECOND);
          if (kind === "down") {
            market.always = "down";
            await run(ms);
            market.always = "ok";
          }
          await run(forMs);
        }
        world.correct();
        market.errorMs = 0;
        await run(11 * MINUTE);
        world.end();

        // With no answer to prove it, the exchange's clock is believed: such a gap heals when the candle comes.
        const isAnswered = steps.every(([{ kind }]) => kind !== "down");
        expect(isAnswered ? world.early : []).toEqual([]);
        expect(world.wrong).toEqual([]);
        expect(unaccounted(world)).toEqual([]);
        expect(world.context.failures).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});
