import { beforeEach, describe, expect, test } from "vitest";
import { settingsSchema } from "../../src/config/settings.ts";
import type { HubEvent } from "../../src/market/events.ts";
import type { Series } from "../../src/market/series.ts";
import type { Remembered } from "../../src/system/configuration/memory.ts";
import { ConfigWatch } from "../../src/system/configuration/watch.ts";
import { StrategyPlan } from "../../src/system/strategy-plan.ts";
import { VaultFailure } from "../../src/vault/errors.ts";
import type { StrategyRow } from "../../src/vault/port.ts";
import { limits, NOON } from "../kit/builders.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const SWING: StrategyRow = {
  strategyId: "swing",
  params: { strategy_type: "momentum", timeframe: "1H", lookback_periods: 20 },
  symbols: ["EUR_USD"],
  riskLimits: { max_position_size: 0.05 },
  enabled: true,
  version: 1,
};
const DAY: StrategyRow = { ...SWING, strategyId: "day", symbols: ["BTC_USDT"], riskLimits: {} };
const EUR: Series = { exchange: "oanda", pair: "EUR/USD", timeframe: "1h" };
const BTC: Series = { exchange: "binance", pair: "BTC/USDT", timeframe: "1h" };
const AWAY = new VaultFailure("offline", "vault configs: no answer");

const SETTINGS = settingsSchema.parse({
  historyCandles: 50,
  strategies: [{ id: "momentum" }],
  retention: { candles: { "1h": 30 } },
});

let clock: ManualClock;
let plan: StrategyPlan;
let events: HubEvent[];
let rethinks: number;
let asked: number;
let rows: readonly StrategyRow[] | VaultFailure | "silence";
let kept: Remembered | undefined;
let warnings: string[];

beforeEach(async () => {
  clock = new ManualClock(NOON);
  plan = await StrategyPlan.load(SETTINGS);
  events = [];
  rethinks = 0;
  asked = 0;
  rows = [];
  kept = undefined;
  warnings = [];
});

function watchOf(isRemote = true): ConfigWatch {
  return new ConfigWatch({
    vault: {
      strategies: async () => {
        asked += 1;
        await Promise.resolve();
        if (rows instanceof VaultFailure) throw rows;
        if (rows === "silence") return new Promise(() => undefined);
        return rows;
      },
    },
    memory: isRemote
      ? {
          read: () => Promise.resolve(kept),
          write: async (remembered) => {
            await Promise.resolve();
            kept = remembered;
          },
        }
      : undefined,
    plan,
    limits: limits(),
    machineClock: clock,
    random: () => 0.5,
    everyMs: 60_000,
    publish: (event) => void events.push(event),
    onChange: () => (rethinks += 1),
    onFailure: (what) => void warnings.push(what),
  });
}

const running = (): unknown => plan.configured.map(({ config }) => [config.name, config.version]);
const configOf = (name: string) =>
  plan.configured.find(({ config }) => config.name === name)?.config ?? {
    name,
    version: 0,
    origin: "settings" as const,
  };

describe("the configuration", () => {
  test("is that of the settings while the vault has no row, and counts as confirmed", async () => {
    const watch = watchOf();
    await watch.start();

    expect(plan.configured).toBe(plan.fromSettings);
    expect(watch.standing).toEqual({ origin: "settings", refused: [], disabled: [] });
    expect(watch.ageMs).toBe(0);
    expect(events).toEqual([]);
  });

  test("is that of the vault's rows alone as soon as there is one, on their pairs alone", async () => {
    rows = [SWING, { ...DAY, enabled: false }];
    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([["swing", 1]]);
    expect(watch.limitsOf(configOf("swing"))).toEqual(limits({ stakeFraction: 0.05 }));
    expect(watch.limitsOf(configOf("momentum"))).toEqual(limits());
    expect(watch.standing).toMatchObject({ origin: "vault", disabled: ["day"] });
    const strategies = (series: Series): unknown => JSON.parse(plan.signature(series));
    expect(strategies(EUR)).toMatchObject([["momentum", { lookback_periods: 20 }, {}]]);
    expect(strategies({ ...EUR, timeframe: "4h" })).toEqual([]);
    expect(strategies(BTC)).toEqual([]);
  });

  test("follows each change within its time, and has only those think anew that it concerns", async () => {
    rows = [SWING, DAY];
    await watchOf().start();
    const [eur, btc] = [plan.signature(EUR), plan.signature(BTC)];

    rows = [{ ...SWING, version: 2, params: { ...SWING.params, lookback_periods: 250 } }, DAY];
    await clock.advance(61_000);

    expect(running()).toEqual([
      ["swing", 2],
      ["day", 1],
    ]);
    expect(rethinks).toBe(2);
    expect(plan.signature(EUR)).not.toBe(eur);
    expect(plan.signature(BTC)).toBe(btc);
    expect(plan.candlesFor(EUR)).toBeGreaterThan(250);
    expect(events.at(-1)).toEqual({
      kind: "configuration-changed",
      origin: "vault",
      started: [],
      changed: ["swing"],
      stopped: [],
    });
    await clock.advance(600_000);
    expect(rethinks).toBe(2);
  });

  test("goes back to the settings when the last row is gone", async () => {
    rows = [SWING];
    const watch = watchOf();
    await watch.start();
    rows = [];

    expect(await watch.refresh()).toMatchObject({ kind: "changed", stopped: ["swing"] });

    expect(plan.configured).toBe(plan.fromSettings);
    expect(watch.isRunning({ name: "swing", version: 1, origin: "vault" })).toBe(false);
    expect(watch.isRunning({ name: "momentum", version: 0, origin: "settings" })).toBe(true);
  });

  test("keeps the last good version of a row that turned bad, and says why once", async () => {
    rows = [SWING];
    const watch = watchOf();
    await watch.start();
    rows = [{ ...SWING, version: 2, riskLimits: { max_daily_loss: 2 } }];
    await clock.advance(200_000);

    expect(running()).toEqual([["swing", 1]]);
    expect(watch.limitsOf(configOf("swing")).stakeFraction).toBe(0.05);
    expect(watch.standing.refused).toMatchObject([{ name: "swing", version: 2, running: 1 }]);
    const refusals = events.filter(({ kind }) => kind === "configuration-refused");
    expect(refusals).toMatchObject([
      { config: "swing", version: 2, reason: expect.stringMatching(/max_daily_loss/) as string },
    ]);
  });

  test("runs nothing in the place of a row that was never good", async () => {
    rows = [{ ...SWING, params: { strategy_type: "martingale" } }];
    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([]);
    expect(watch.standing.refused).toMatchObject([{ running: null }]);
  });

  test("refuses a row whose candles would be gone before it has enough of them", async () => {
    rows = [{ ...SWING, params: { ...SWING.params, lookback_periods: 400 } }];
    const watch = watchOf();
    await watch.start();

    expect(watch.standing.refused).toMatchObject([
      { reason: expect.stringMatching(/retention.candles.1h: 30 is too few/) as string },
    ]);
    expect(running()).toEqual([]);
  });

  test("asks the vault once for many who want to know at once", async () => {
    const watch = watchOf();
    await Promise.all([watch.refresh(), watch.refresh(), watch.refresh()]);

    expect(asked).toBe(1);
  });
});

describe("while the vault is away", () => {
  test("what is in use stays, and ages; it comes back by itself", async () => {
    rows = [SWING];
    const watch = watchOf();
    await watch.start();
    rows = AWAY;
    await clock.advance(3_600_000);

    expect(running()).toEqual([["swing", 1]]);
    expect(watch.ageMs).toBe(3_600_000);
    expect(await watch.refresh()).toEqual({ kind: "failed", reason: AWAY.message });

    rows = [{ ...SWING, version: 2 }];
    await clock.advance(61_000);
    expect(running()).toEqual([["swing", 2]]);
    expect(watch.ageMs).toBeLessThan(61_000);
  });

  test("a start goes on with what it said last, as old as that is", async () => {
    rows = [SWING, { ...DAY, symbols: [] }];
    await watchOf().start();
    expect(kept?.rows).toEqual([SWING]);
    clock = new ManualClock(NOON + 7_200_000);
    plan = await StrategyPlan.load(SETTINGS);
    rows = AWAY;

    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([["swing", 1]]);
    expect(configOf("swing").origin).toBe("memory");
    expect(watch.ageMs).toBe(7_200_000);
  });

  test("a start without a memory runs the settings, unconfirmed", async () => {
    rows = AWAY;
    const watch = watchOf();
    await watch.start();

    expect(plan.configured).toBe(plan.fromSettings);
    expect(watch.ageMs).toBeUndefined();
  });

  test("a memory from the future confirms nothing", async () => {
    kept = { rows: [SWING], confirmedAt: NOON + 3_600_000 };
    rows = AWAY;
    const watch = watchOf();
    await watch.start();

    expect(running()).toEqual([["swing", 1]]);
    expect(watch.ageMs).toBeUndefined();
  });

  test("a vault that never answers holds no start up", async () => {
    rows = "silence";
    const starting = watchOf().start();
    await clock.advance(3_000);

    await starting;

    expect(plan.configured).toBe(plan.fromSettings);
  });
});
