import { beforeEach, describe, expect, test } from "vitest";
import type { Series } from "../../../src/market/series.ts";
import { StrategyPlan } from "../../../src/system/strategy-plan.ts";
import { limits } from "../../kit/builders.ts";
import {
  BTC,
  configOf,
  DAY,
  EUR,
  reset,
  running,
  SETTINGS,
  SWING,
  watchOf,
  world,
} from "./world.ts";

beforeEach(reset);

describe("the configuration", () => {
  test("is that of the settings while the vault has no row, and counts as confirmed", async () => {
    const watch = watchOf();
    await watch.start();

    expect(world.plan.configured).toBe(world.plan.fromSettings);
    expect(watch.standing).toEqual({ origin: "settings", refused: [], disabled: [] });
    expect(watch.ageMs).toBe(0);
    expect(world.events).toEqual([]);
  });

  test("is that of the vault's rows alone as soon as there is one, on their pairs alone", async () => {
    world.rows = [SWING, { ...DAY, enabled: false }];
    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([["swing", 1]]);
    expect(watch.limitsOf(configOf("swing"))).toEqual(limits({ stakeFraction: 0.05 }));
    expect(watch.limitsOf(configOf("momentum"))).toEqual(limits());
    expect(watch.standing).toMatchObject({ origin: "vault", disabled: ["day"] });
    const strategies = (series: Series): unknown => JSON.parse(world.plan.signature(series));
    expect(strategies(EUR)).toMatchObject([["momentum", { lookback_periods: 20 }, {}]]);
    expect(strategies({ ...EUR, timeframe: "4h" })).toEqual([]);
    expect(strategies(BTC)).toEqual([]);
  });

  test("follows each change within its time, and has only those think anew that it concerns", async () => {
    world.rows = [SWING, DAY];
    await watchOf().start();
    const [eur, btc] = [world.plan.signature(EUR), world.plan.signature(BTC)];

    world.rows = [
      { ...SWING, version: 2, params: { ...SWING.params, lookback_periods: 250 } },
      DAY,
    ];
    await world.clock.advance(61_000);

    expect(running()).toEqual([
      ["swing", 2],
      ["day", 1],
    ]);
    expect(world.rethinks).toBe(2);
    expect(world.plan.signature(EUR)).not.toBe(eur);
    expect(world.plan.signature(BTC)).toBe(btc);
    expect(world.plan.candlesFor(EUR)).toBeGreaterThan(250);
    expect(world.events.at(-1)).toEqual({
      kind: "configuration-changed",
      origin: "vault",
      started: [],
      changed: ["swing"],
      stopped: [],
    });
    await world.clock.advance(600_000);
    expect(world.rethinks).toBe(2);
  });

  test("goes back to the settings when the last row is gone", async () => {
    world.rows = [SWING];
    const watch = watchOf();
    await watch.start();
    world.rows = [];

    expect(await watch.refresh()).toMatchObject({ kind: "changed", stopped: ["swing"] });

    expect(world.plan.configured).toBe(world.plan.fromSettings);
    expect(watch.isRunning({ name: "swing", version: 1, origin: "vault" }, EUR)).toBe(false);
    expect(watch.isRunning({ name: "momentum", version: 0, origin: "settings" }, EUR)).toBe(true);
  });

  test("keeps the last good version of a row that turned bad, and says why once", async () => {
    world.rows = [SWING];
    const watch = watchOf();
    await watch.start();
    world.rows = [{ ...SWING, version: 2, riskLimits: { max_daily_loss: 2 } }];
    await world.clock.advance(200_000);

    expect(running()).toEqual([["swing", 1]]);
    expect(watch.limitsOf(configOf("swing")).stakeFraction).toBe(0.05);
    expect(watch.standing.refused).toMatchObject([{ name: "swing", version: 2, running: 1 }]);
    const refusals = world.events.filter(({ kind }) => kind === "configuration-refused");
    expect(refusals).toMatchObject([
      { config: "swing", version: 2, reason: expect.stringMatching(/max_daily_loss/) as string },
    ]);
  });

  test("runs nothing in the place of a row that was never good", async () => {
    world.rows = [{ ...SWING, params: { strategy_type: "martingale" } }];
    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([]);
    expect(watch.standing.refused).toMatchObject([{ running: null }]);
  });

  test("refuses a row whose candles would be gone before it has enough of them", async () => {
    world.rows = [{ ...SWING, params: { ...SWING.params, lookback_periods: 400 } }];
    const watch = watchOf();
    await watch.start();

    expect(watch.standing.refused).toMatchObject([
      { reason: expect.stringMatching(/retention.candles.1h: 30 is too few/) as string },
    ]);
    expect(running()).toEqual([]);
  });

  test("asks the vault twice at most for many who want to know at once", async () => {
    const watch = watchOf();
    await Promise.all([watch.refresh(), watch.refresh(), watch.refresh()]);

    expect(world.asked).toBe(2);
  });

  test("is written down again when that failed", async () => {
    world.rows = [SWING];
    const watch = watchOf();
    world.isMemoryBroken = true;
    await watch.start();
    expect(world.warnings).toEqual(["the configuration cannot be remembered"]);

    world.isMemoryBroken = false;
    await watch.refresh();

    expect(world.kept?.rows).toEqual([SWING]);
  });
});

describe("a row", () => {
  test("runs in its version and on its pairs alone: what waits of another is over", async () => {
    world.rows = [SWING];
    const watch = watchOf();
    await watch.start();
    const config = configOf("swing");
    expect(watch.isRunning(config, EUR)).toBe(true);
    expect(watch.isRunning(config, BTC)).toBe(false);
    expect(watch.isRunning(config, { ...EUR, timeframe: "4h" })).toBe(false);

    world.rows = [{ ...SWING, version: 2 }];
    await watch.refresh();

    expect(watch.isRunning(config, EUR)).toBe(false);
    expect(watch.isRunning(configOf("swing"), EUR)).toBe(true);
  });

  test("that was good in an earlier start runs on while it is bad, also with the vault there", async () => {
    world.rows = [SWING];
    await watchOf().start();
    world.plan = await StrategyPlan.load(SETTINGS);
    world.rows = [{ ...SWING, version: 2, symbols: [] }];

    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([["swing", 1]]);
    expect(watch.standing.refused).toMatchObject([{ version: 2, running: 1 }]);
    expect(world.kept?.rows).toEqual([SWING]);
  });

  test("that is written while the vault is asked is in the answer to whoever asks then", async () => {
    world.rows = [SWING];
    const watch = watchOf();
    const [first, second] = [watch.refresh(), watch.refresh()];
    world.rows = [{ ...SWING, version: 2 }];

    await first;
    await second;

    expect(running()).toEqual([["swing", 2]]);
    expect(world.asked).toBe(2);
  });
});
