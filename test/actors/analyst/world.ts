import { z } from "zod";
import { Analyst } from "../../../src/actors/analyst/analyst.ts";
import type { ArchitectProtocol, History } from "../../../src/actors/architect/protocol.ts";
import type { GatekeeperProtocol } from "../../../src/actors/gatekeeper/protocol.ts";
import { createIndicators } from "../../../src/indicators/create.ts";
import type { Candle } from "../../../src/market/candle.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import { StrategyRunner } from "../../../src/strategies/runner.ts";
import type { Strategy, Wish } from "../../../src/strategies/strategy.ts";
import { NOON, series } from "../../kit/builders.ts";
import { candleAt } from "../../kit/fake-market.ts";
import { ManualClock, settle } from "../../kit/manual-clock.ts";
import { recorder } from "../../kit/recorder.ts";

const HOUR = 3_600_000;
export const WINDOW = 5;
export const at = (n: number): number => NOON + n * HOUR;
const numberOf = (openTime: number): number => (openTime - NOON) / HOUR;

/** An analyst with one strategy that wishes to buy at every candle, unless it is told to throw at one. */
export function setUp(stored: readonly number[], over: Partial<History> = {}, throwsAt?: number) {
  const clock = new ManualClock(NOON + 6_000);
  const history = {
    candles: stored.map((n) => candleAt(at(n))),
    missing: [],
    empty: [],
    owed: null,
    ...over,
  };
  const store = { history: history as History };
  const architect = recorder<ArchitectProtocol>({
    history: ({ limit, takesOwed }) => ({
      ...store.history,
      owed: takesOwed ? store.history.owed : null,
      candles: store.history.candles.slice(-limit),
    }),
  });
  const gatekeeper = recorder<GatekeeperProtocol>({ review: () => undefined });
  const events: HubEvent[] = [];
  const thought: number[] = [];
  const strategy: Strategy = {
    id: "eager",
    version: "3",
    summary: "Buys at every candle.",
    parameters: z.unknown(),
    warmup: () => 2,
    start: () => ({
      onCandle: (view): Wish => {
        const { candle } = view;
        if (candle.openTime === (throwsAt === undefined ? -1 : at(throwsAt))) throw new Error("no");
        thought.push(numberOf(candle.openTime));
        const evidence = { close: candle.close, closeBefore: view.candleAt(1)?.close ?? 0 };
        return { side: "buy", strength: 1, stopLoss: "99", evidence };
      },
    }),
  };
  const strategies = [
    {
      strategy,
      parameters: {},
      timeframes: ["1h" as const],
      config: { name: "probe", version: 0, origin: "settings" as const },
    },
  ];
  const deps = {
    series: series(),
    seriesId: 4,
    windowLength: () => WINDOW,
    architect,
    gatekeeper,
    createRunner: () =>
      new StrategyRunner({
        series: series(),
        strategies,
        windowLength: WINDOW,
        indicators: createIndicators(),
      }),
    clock,
    publish: (event: HubEvent) => void events.push(event),
    storeTimeoutMs: 60_000,
  };
  const analyst = new Analyst(deps);
  /** Stores a candle, in the place of what is there under its number. */
  const put = (n: number, close?: number): Candle => {
    const candle = candleAt(at(n), close);
    const others = store.history.candles.filter((c) => c.openTime !== candle.openTime);
    const candles = [...others, candle].toSorted((a, b) => a.openTime - b.openTime);
    store.history = { ...store.history, candles };
    return candle;
  };
  const wake = async (n: number, afresh = false): Promise<void> => {
    const candle = put(n);
    await analyst.wake({ candle, answeredAt: 50, afresh });
    await settle();
  };
  const signals = () => gatekeeper.of("review").map((review) => review.signal);
  const raised = (): number[] => signals().map((signal) => numberOf(signal.openTime));
  const done = (): number[] => architect.of("evaluated").map((mark) => numberOf(mark.openTime));
  return {
    deps,
    store,
    put,
    architect,
    gatekeeper,
    events,
    thought,
    analyst,
    wake,
    signals,
    raised,
    done,
  };
}
