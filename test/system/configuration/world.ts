import { settingsSchema } from "../../../src/config/settings.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import type { Series } from "../../../src/market/series.ts";
import type { Remembered } from "../../../src/system/configuration/memory.ts";
import { ConfigWatch } from "../../../src/system/configuration/watch.ts";
import { StrategyPlan } from "../../../src/system/strategy-plan.ts";
import { VaultFailure } from "../../../src/vault/errors.ts";
import type { StrategyRow } from "../../../src/vault/port.ts";
import { limits, NOON } from "../../kit/builders.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

export const SWING: StrategyRow = {
  strategyId: "swing",
  params: { strategy_type: "momentum", timeframe: "1H", lookback_periods: 20 },
  symbols: ["EUR_USD"],
  riskLimits: { max_position_size: 0.05 },
  enabled: true,
  version: 1,
};
export const DAY: StrategyRow = {
  ...SWING,
  strategyId: "day",
  symbols: ["BTC_USDT"],
  riskLimits: {},
};
export const EUR: Series = { exchange: "oanda", pair: "EUR/USD", timeframe: "1h" };
export const BTC: Series = { exchange: "binance", pair: "BTC/USDT", timeframe: "1h" };
export const AWAY = new VaultFailure("offline", "vault configs: no answer");

export const SETTINGS = settingsSchema.parse({
  historyCandles: 50,
  strategies: [{ id: "momentum" }],
  retention: { candles: { "1h": 30 } },
});

/** What a test turns, and what it looks at; anew before each. */
export const world = {
  clock: new ManualClock(NOON),
  plan: undefined as unknown as StrategyPlan,
  events: [] as HubEvent[],
  rethinks: 0,
  asked: 0,
  rows: [] as readonly StrategyRow[] | VaultFailure | "silence",
  kept: undefined as Remembered | undefined,
  warnings: [] as string[],
  isMemoryBroken: false,
};

export async function reset(): Promise<void> {
  world.clock = new ManualClock(NOON);
  world.plan = await StrategyPlan.load(SETTINGS);
  world.events = [];
  world.rethinks = 0;
  world.asked = 0;
  world.rows = [];
  world.kept = undefined;
  world.warnings = [];
  world.isMemoryBroken = false;
}

/** A watch over that world. */
export function watchOf(): ConfigWatch {
  return new ConfigWatch({
    vault: {
      strategies: async () => {
        world.asked += 1;
        await Promise.resolve();
        const { rows } = world;
        if (rows instanceof VaultFailure) throw rows;
        if (rows === "silence") return new Promise(() => undefined);
        return rows;
      },
    },
    memory: {
      read: () => Promise.resolve(world.kept),
      write: async (remembered) => {
        await Promise.resolve();
        if (world.isMemoryBroken) throw new Error("disk full");
        world.kept = remembered;
      },
    },
    plan: world.plan,
    limits: limits(),
    machineClock: world.clock,
    random: () => 0.5,
    everyMs: 60_000,
    publish: (event) => void world.events.push(event),
    onChange: () => (world.rethinks += 1),
    onFailure: (what) => void world.warnings.push(what),
  });
}

export const running = (): unknown =>
  world.plan.configured.map(({ config }) => [config.name, config.version]);
export const configOf = (name: string) =>
  world.plan.configured.find(({ config }) => config.name === name)?.config ?? {
    name,
    version: 0,
    origin: "settings" as const,
  };
