import { expect } from "vitest";
import { lastClosedOpenTime, type Timeframe, timeframeMs } from "../../../src/market/timeframe.ts";
import { type ApiOrder, allActors, allCandles, allSignals } from "./api.ts";
import { type HubProcess, until } from "./hub-process.ts";

const PAIRS = ["BTC/USDT", "ETH/USDT"] as const;
const FOLLOWED: readonly Timeframe[] = ["1m", "5m", "15m", "1h"];
/** A busy machine is slow; a test that passes waits for none of this. */
const PATIENCE_MS = 90_000;

export async function untilArmed(hub: HubProcess): Promise<void> {
  await until(
    async () => {
      const { watchlist } = await hub.get<{ watchlist: { state: string }[] }>("/api/v1/watchlist");
      return watchlist.length === 8 && watchlist.every(({ state }) => state === "armed");
    },
    PATIENCE_MS,
    "all series to be armed",
  );
}

/** What Chatty is told of the store: once, where both of its paths say the same. */
export async function storeStatus(hub: HubProcess): Promise<string> {
  const told = await Promise.all(
    ["/api/status", "/api/health"].map((path) => hub.get<{ supabase_status: string }>(path)),
  );
  return [...new Set(told.map((answer) => answer.supabase_status))].join(" and ");
}

export function untilStore(hub: HubProcess, wanted: "ok" | "offline"): Promise<boolean> {
  const look = async (): Promise<boolean> => (await storeStatus(hub)) === wanted;
  return until(look, PATIENCE_MS, `the store to be ${wanted}`);
}

export async function storeReason(hub: HubProcess): Promise<string | null> {
  const { store } = await hub.get<{ store: { reason: string | null } }>("/api/v1/status");
  return store.reason;
}

/** How often each actor was started again, by its path. */
export async function restarts(hub: HubProcess): Promise<Record<string, number>> {
  const actors = await allActors(hub);
  expect(actors.filter(({ state }) => state !== "up")).toEqual([]);
  return Object.fromEntries(actors.map((actor) => [actor.id, actor.restarts]));
}

/** A figure of Prometheus; the sum where labels tell several apart. */
export async function metric(hub: HubProcess, name: RegExp): Promise<number> {
  const text = await (await fetch(new URL("/metrics", hub.url))).text();
  const lines = text.split("\n").filter((line) => name.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

/** Lines of a hub's log that hold a text. */
export function logged(hub: HubProcess, text: string): string[] {
  return hub.stderr.split("\n").filter((line) => line.includes(text));
}

/**
 * Waits until every series has all that had closed at an instant, and looks at all of it: no candle
 * lacks, each is the exchange's own, and no gap is left open.
 */
export async function expectWhole(hub: HubProcess, atMs: number): Promise<void> {
  for (const pair of PAIRS) {
    for (const timeframe of FOLLOWED) {
      const candles = await until(
        async () => {
          const stored = await allCandles(hub, pair, timeframe);
          const newest = stored.at(-1)?.openTime ?? 0;
          return newest >= lastClosedOpenTime(timeframe, atMs) ? stored : undefined;
        },
        PATIENCE_MS,
        `the candles of ${pair} in ${timeframe}`,
      );
      const from = candles[0]?.openTime ?? 0;
      const step = timeframeMs(timeframe);
      expect(candles.map(({ openTime }) => openTime)).toEqual(
        candles.map((_, i) => from + i * step),
      );
      const rows = candles.map((c) => [c.openTime, c.open, c.high, c.low, c.close, c.volume]);
      const recent = rows.slice(-500);
      const venue = await venueRows(hub, pair.replace("/", ""), timeframe, Number(recent[0]?.[0]));
      expect(recent).toEqual(venue.slice(0, recent.length));
    }
  }
  for (const state of ["pending", "missing"]) {
    const noneLeft = async (): Promise<boolean> => {
      const { gaps } = await hub.get<{ gaps: unknown[] }>(`/api/v1/gaps?state=${state}`);
      return gaps.length === 0;
    };
    await until(noneLeft, PATIENCE_MS, `the ${state} candles to come`);
  }
}

/** Whatever was accepted becomes one order, and nothing else does. */
export async function expectOneOrderEach(hub: HubProcess): Promise<void> {
  const isWorkedOff = async (): Promise<boolean> => {
    const { queue } = await hub.get<{ queue: { status: string }[] }>("/api/v1/queue");
    return queue.every(({ status }) => status === "done");
  };
  await hub.post("/api/v1/halt", { reason: "counting" });
  await until(isWorkedOff, PATIENCE_MS, "the queue to be worked off");
  const signals = await allSignals(hub);
  const accepted = signals.filter(({ verdict }) => verdict?.decision === "accepted");
  const { orders } = await hub.get<{ orders: ApiOrder[] }>("/api/v1/orders?limit=1000");
  const ordered = orders.flatMap(({ signalId = [] }) => signalId);
  expect(ordered.toSorted()).toEqual(accepted.map(({ id }) => id).toSorted());
  await hub.post("/api/v1/resume", {});
}

/** What the sandbox exchange itself says, past the hub. */
async function venueRows(hub: HubProcess, symbol: string, interval: string, startTime: number) {
  const sandbox = /sandbox exchange at (http:\/\/[^,"]+)/.exec(hub.stderr)?.[1] ?? "";
  const query = `symbol=${symbol}&interval=${interval}&startTime=${startTime}&limit=1000`;
  const answer = await fetch(`${sandbox}/api/v3/klines?${query}`);
  return ((await answer.json()) as (string | number)[][]).map((row) => row.slice(0, 6).map(Number));
}

/** The hub's time, UTC ms. */
export async function hubTime(hub: HubProcess): Promise<number> {
  return (await hub.get<{ hubTime: number }>("/api/v1/status")).hubTime;
}
