import { expect } from "vitest";
import { lastClosedOpenTime, type Timeframe, timeframeMs } from "../../../src/market/timeframe.ts";
import type { MarketTruth } from "../../kit/market-truth.ts";
import { allCandles } from "./api.ts";
import type { HubProcess } from "./hub-process.ts";

interface ApiGap {
  readonly id: number;
  readonly openTime: number;
  readonly state: string;
}

/** All gaps of a series that are not healed, by open time. */
async function openGaps(
  hub: HubProcess,
  pair: string,
  timeframe: Timeframe,
): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  const query = `exchange=binance&pair=${encodeURIComponent(pair)}&timeframe=${timeframe}&limit=200`;
  for (let cursor = ""; ; ) {
    const { gaps, next } = await hub.get<{ gaps: ApiGap[]; next: string | null }>(
      `/api/v1/gaps?${query}${cursor}`,
    );
    for (const { openTime, state } of gaps) if (state !== "healed") found.set(openTime, state);
    if (next === null) return found;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

/** How far a series is from what the market truly did. */
export interface Account {
  readonly stored: number;
  /** Open times that come twice, or not in order. */
  readonly doubled: readonly number[];
  /** Open times of candles that are not as the market made them. */
  readonly wrong: readonly number[];
  /** Open times of candles that are due, not stored, and no gap. */
  readonly lost: readonly number[];
  /** Open times of gaps that may still be filled. */
  readonly open: readonly number[];
  /** Open times of candles that the exchange is taken not to have. */
  readonly empty: readonly number[];
}

/**
 * Compares a series with the synthetic market itself.
 * @param atMs what had closed by then is due.
 */
export async function accountFor(
  hub: HubProcess,
  truth: MarketTruth,
  pair: string,
  timeframe: Timeframe,
  atMs: number,
): Promise<Account> {
  const gaps = await openGaps(hub, pair, timeframe);
  const candles = await allCandles(hub, pair, timeframe);
  const times = candles.map(({ openTime }) => openTime);
  const known = new Set(times);
  const lost: number[] = [];
  const last = lastClosedOpenTime(timeframe, atMs);
  for (let at = times[0] ?? Number.NaN; at <= last; at += timeframeMs(timeframe)) {
    if (!known.has(at) && !gaps.has(at)) lost.push(at);
  }
  return {
    stored: candles.length,
    doubled: times.filter((at, i) => i > 0 && at <= (times[i - 1] ?? 0)),
    wrong: candles
      .filter(({ openTime, open, high, low, close, volume }) => {
        const candle = { openTime, open, high, low, close, volume };
        return JSON.stringify(candle) !== JSON.stringify(truth(pair, timeframe, openTime));
      })
      .map(({ openTime }) => openTime),
    lost,
    open: [...gaps].filter(([, state]) => state !== "empty").map(([at]) => at),
    empty: [...gaps].filter(([, state]) => state === "empty").map(([at]) => at),
  };
}

/** Nothing is wrong, doubled, forgotten or still to come. */
export function expectAccounted(account: Account, atLeast: number): void {
  expect(account).toMatchObject({ doubled: [], wrong: [], lost: [], open: [] });
  expect(account.stored).toBeGreaterThanOrEqual(atLeast);
}
