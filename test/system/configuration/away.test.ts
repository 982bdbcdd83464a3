import { beforeEach, describe, expect, test } from "vitest";
import { StrategyPlan } from "../../../src/system/strategy-plan.ts";
import { NOON } from "../../kit/builders.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { AWAY, configOf, DAY, reset, running, SETTINGS, SWING, watchOf, world } from "./world.ts";

beforeEach(reset);

describe("while the vault is away", () => {
  test("what is in use stays, and ages; it comes back by itself", async () => {
    world.rows = [SWING];
    const watch = watchOf();
    await watch.start();
    world.rows = AWAY;
    await world.clock.advance(3_600_000);

    expect(running()).toEqual([["swing", 1]]);
    expect(watch.ageMs).toBe(3_600_000);
    expect(await watch.refresh()).toEqual({ kind: "failed", reason: AWAY.message });

    world.rows = [{ ...SWING, version: 2 }];
    await world.clock.advance(61_000);
    expect(running()).toEqual([["swing", 2]]);
    expect(watch.ageMs).toBeLessThan(61_000);
  });

  test("a start goes on with what it said last, as old as that is", async () => {
    world.rows = [SWING, { ...DAY, symbols: [] }];
    await watchOf().start();
    expect(world.kept?.rows).toEqual([SWING]);
    world.clock = new ManualClock(NOON + 7_200_000);
    world.plan = await StrategyPlan.load(SETTINGS);
    world.rows = AWAY;

    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([["swing", 1]]);
    expect(configOf("swing").origin).toBe("memory");
    expect(watch.ageMs).toBe(7_200_000);
  });

  test("a start without a memory runs the settings, unconfirmed", async () => {
    world.rows = AWAY;
    const watch = watchOf();
    await watch.start();

    expect(world.plan.configured).toBe(world.plan.fromSettings);
    expect(watch.ageMs).toBeUndefined();
  });

  test("a start goes on with nothing when everything was switched off", async () => {
    world.rows = [
      { ...SWING, enabled: false },
      { ...DAY, symbols: [] },
    ];
    await watchOf().start();
    world.plan = await StrategyPlan.load(SETTINGS);
    world.rows = AWAY;

    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([]);
    expect(watch.standing).toMatchObject({ origin: "memory", disabled: ["swing"] });
  });

  test("a start goes on with the settings when the vault had no row, as old as that is", async () => {
    await watchOf().start();
    world.plan = await StrategyPlan.load(SETTINGS);
    world.rows = AWAY;

    const watch = watchOf();
    await watch.start();

    expect(world.plan.configured).toBe(world.plan.fromSettings);
    expect(watch.ageMs).toBe(0);
  });

  test("a memory from the future confirms nothing", async () => {
    world.kept = { rows: [SWING], isEmpty: false, confirmedAt: NOON + 3_600_000 };
    world.rows = AWAY;
    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([["swing", 1]]);
    expect(watch.ageMs).toBeUndefined();
  });

  test("a vault that never answers holds no start up", async () => {
    world.rows = "silence";
    const starting = watchOf().start();
    await world.clock.advance(3_000);

    await starting;

    expect(world.plan.configured).toBe(world.plan.fromSettings);
  });
});
