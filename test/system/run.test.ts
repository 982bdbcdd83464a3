import { hostname } from "node:os";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import type { StrategyInfo } from "../../src/http/deps.ts";
import { StoreFailure } from "../../src/store/errors.ts";
import type { RunStart, RunStore } from "../../src/store/run-port.ts";
import { CloseStack } from "../../src/system/close-stack.ts";
import { beginRun } from "../../src/system/run.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const NOON = Date.UTC(2026, 2, 10, 12);

function setUp(strategies: readonly StrategyInfo[] = [], settings = {}) {
  const starts: RunStart[] = [];
  const ends: (readonly [string, number])[] = [];
  const runs: RunStore = {
    start: async (run) => void starts.push(run),
    keep: () => Promise.reject(new Error("the bookkeeper does that")),
    end: async (id, at) => void ends.push([id, at]),
  };
  const stack = new CloseStack();
  const clock = new ManualClock(NOON);
  const log = pino({ level: "silent" });
  const common = { mode: "sandbox", speed: 1, snapshotIntervalSeconds: 60, ...settings } as const;
  const parts = { runs, settings: common, dataDir: "/data", road: "embedded", strategies } as const;
  return {
    starts,
    ends,
    runs,
    stack,
    clock,
    begin: () => beginRun({ ...parts, clock, log }, stack),
  };
}

const strategy = (id: string, change: Partial<StrategyInfo> = {}): StrategyInfo => ({
  id,
  version: "1",
  summary: "",
  parameters: {},
  timeframes: null,
  pairs: null,
  config: { name: id, version: 0, origin: "settings" },
  ...change,
});

describe("a run", () => {
  test("is noted at the start, with an id of its own each time", async () => {
    const { starts, begin } = setUp();

    const [first, second] = [await begin(), await begin()];

    expect(first).not.toBe(second);
    expect(starts[0]).toMatchObject({
      id: first,
      at: NOON,
      place: `${hostname()}:/data`,
      mode: "sandbox",
      road: "embedded",
    });
  });

  test("is noted at the end", async () => {
    const { ends, stack, clock, begin } = setUp();
    const id = await begin();
    await clock.advance(5_000);

    await stack.close();

    expect(ends).toEqual([[id, NOON + 5_000]]);
  });

  test("ends also without its database", async () => {
    const { runs, stack, begin } = setUp();
    await begin();
    runs.end = () => Promise.reject(new StoreFailure("offline", "ECONNREFUSED", "away"));

    await expect(stack.close()).resolves.toBeUndefined();
  });

  test.each([
    [60, 1, 300_000],
    [3_600, 1, 10_800_000],
    [3_600, 60, 300_000],
  ])(
    "with a cadence of %i s at a speed of %i may be silent for %i ms of the machine's time",
    async (snapshotIntervalSeconds, speed, lostAfterMs) => {
      const { starts, begin } = setUp([], { snapshotIntervalSeconds, speed });

      await begin();

      expect(starts[0]?.lostAfterMs).toBe(lostAfterMs);
    },
  );

  test("counts a strategy once, its settings by timeframe where there are several", async () => {
    const { starts, begin } = setUp([
      strategy("momentum", { parameters: { periods: 5 } }),
      strategy("ema-cross", { parameters: { fast: 1 }, timeframes: ["1m", "5m"] }),
      strategy("ema-cross", { parameters: { fast: 2 }, timeframes: ["1h"] }),
    ]);

    await begin();

    expect(starts[0]?.strategies).toEqual([
      { id: "momentum", parameters: { periods: 5 } },
      { id: "ema-cross", parameters: { "1m 5m": { fast: 1 }, "1h": { fast: 2 } } },
    ]);
  });
});
