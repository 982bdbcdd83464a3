import type { HubEvent } from "../../src/market/events.ts";
import type { Series } from "../../src/market/series.ts";
import { createMetrics } from "../../src/metrics/registry.ts";
import { ManualClock } from "../kit/manual-clock.ts";

export const NOW = Date.UTC(2026, 2, 10, 12);
export const BTC: Series = { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" };

/** Metrics on a clock that a test moves, and a way to read one of their values. */
export function setUp() {
  const clock = new ManualClock(NOW);
  const metrics = createMetrics({
    clock,
    machineClock: clock,
    version: "1.2.3",
    commit: "abc",
    strategies: ["ema-cross"],
    checks: ["spread", "depth"],
    askers: ["architect", "trader", "commander/harvesters/harvester:oanda"],
  });
  let seq = 0;
  const tell = (event: HubEvent, at = clock.nowMs()) =>
    metrics.onHubEvent({ seq: ++seq, at, event });
  /** The value of a series by its name and labels; undefined when there is none. */
  const value = async (name: string): Promise<number | undefined> => {
    const line = (await metrics.text()).split("\n").find((one) => one.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  };
  return { clock, metrics, tell, value };
}

/** A new candle of the series, as polled. */
export function saved(
  changes: Partial<Extract<HubEvent, { kind: "candle-saved" }>> = {},
): HubEvent {
  return {
    kind: "candle-saved",
    series: BTC,
    openTime: NOW - 900_000,
    closeTime: NOW,
    close: 100,
    novelty: "new",
    source: "poll",
    ...changes,
  };
}

export const FIGURES = {
  account: {
    broker: "paper",
    currency: "USDT",
    cash: "4500",
    reserved: "0",
    startingCash: "10000",
    peakEquity: "10000",
    dayStartEquity: "10000",
    dayStart: NOW,
  },
  equity: { equity: "9000", openPnl: "0", exposure: "4500", exposureByAsset: {} },
  maxDrawdownFraction: 0.2,
  maxDailyLossFraction: 0.05,
};
