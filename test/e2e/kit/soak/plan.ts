import type { Timeframe } from "../../../../src/market/timeframe.ts";
import { type BusyHub, busyHub } from "../busy-hub.ts";

/** How long, how much, and which misfortunes. */
export interface SoakPlan {
  /** Names the market, and draws the faults. */
  readonly seed: string;
  /** Machine time under faults, ms. */
  readonly forMs: number;
  /** Market time for each machine time. */
  readonly speed: number;
  /** Followed series; a multiple of the four timeframes. */
  readonly series: number;
  /**
   * Share of the exchange's answers that go wrong, 0 to 1. One in twenty of them strikes everybody: with five
   * hundred series at 60 times the speed, 0.02 would ban the hub every few seconds, and nothing else be seen.
   */
  readonly faultRate: number;
  /** Machine time between two kills of the harvester's process on average, ms; infinite for none. */
  readonly killEveryMs: number;
  /** Whether the data folder and the hub's log outlast a run that found something. */
  readonly keepsEvidence: boolean;
}

const TIMEFRAMES: readonly Timeframe[] = ["1m", "5m", "15m", "1h"];

/** The hub that a plan asks for. */
export function hubOf({ seed, series, speed }: SoakPlan): BusyHub {
  const pairs = Math.ceil(series / TIMEFRAMES.length);
  return busyHub({ market: seed, pairs, timeframes: TIMEFRAMES, speed });
}

/** What it is told, misfortunes included. */
export function settingsOf(plan: SoakPlan): Readonly<Record<string, string>> {
  const { seed, forMs, speed, faultRate } = plan;
  const faults = { seed, rate: faultRate, forMs: forMs * speed };
  return {
    ...hubOf(plan).settings,
    HUB_FORK_HARVESTERS: "true",
    // What it says is kept until its end: two hundred lines a second would be a gigabyte in a week.
    LOG_LEVEL: "warn",
    HUB_SANDBOX_FAULTS: JSON.stringify(faults),
    // Half a minute of the market: what hangs shall not hang for the whole of it.
    HUB_EXCHANGE_DEADLINE_MS: String(Math.ceil(Math.max(100, 30_000 / speed))),
  };
}
