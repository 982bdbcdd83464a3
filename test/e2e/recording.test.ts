import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Timeframe } from "../../src/market/timeframe.ts";
import { timeframeMs } from "../../src/market/timeframe.ts";
import { type ApiOrder, allCandles, allSignals } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { aggregate, hasRecordings, RECORDINGS, type Row, readRows } from "./kit/recording.ts";

const START = "2023-03-24T12:25:00Z";
const END = Date.parse("2023-03-24T14:20:00Z");
const OUTAGE = {
  from: Date.parse("2023-03-24T12:40:00Z"),
  to: Date.parse("2023-03-24T14:00:00Z"),
};
const WEEK_MS = 7 * 86_400_000;
const PAIRS = ["BTC/USDT", "ETH/USDT"] as const;
const TIMEFRAMES: readonly Timeframe[] = ["1m", "5m", "15m", "1h"];

if (!hasRecordings) {
  process.stderr.write("skipped: no recorded candles beside the project\n");
}

/** The hub's time minus the recording's: a whole number of weeks. */
async function shiftOf(hub: HubProcess): Promise<number> {
  const { hubTime } = await hub.get<{ hubTime: number }>("/api/v1/status");
  return Math.round((hubTime - Date.parse(START)) / WEEK_MS) * WEEK_MS;
}

describe.skipIf(!hasRecordings)("a hub that follows a recording across an outage", () => {
  const folder = dataFolder();
  let hub: HubProcess;
  let shift = 0;

  beforeAll(async () => {
    hub = await HubProcess.start(folder.path, {
      HUB_REPLAY_DIR: RECORDINGS,
      HUB_REPLAY_AT: START,
      HUB_SPEED: "150",
    });
    shift = await shiftOf(hub);
    await until(
      async () => {
        const { hubTime } = await hub.get<{ hubTime: number }>("/api/v1/status");
        return hubTime - shift > END;
      },
      120_000,
      "the outage to pass",
    );
  }, 240_000);

  afterAll(async () => {
    await hub.stop();
    folder.remove();
  });

  test.each(PAIRS.flatMap((pair) => TIMEFRAMES.map((timeframe) => ({ pair, timeframe }))))(
    "stores every $timeframe candle of $pair as recorded, in order, none missing or twice",
    async ({ pair, timeframe }) => {
      const stored = await allCandles(hub, pair, timeframe);
      const first = (stored[0]?.openTime ?? 0) - shift;
      const last = (stored.at(-1)?.openTime ?? 0) - shift;
      const minutes = readRows(`${pair.replace("/", "_")}-1m-20230316-20230501.csv.gz`);
      const expected = recorded(minutes, timeframe).filter(([t = 0]) => t >= first && t <= last);

      // At least the time of the replay went through the hub live, the rest as its history.
      expect(last + timeframeMs(timeframe)).toBeGreaterThan(END - 2 * timeframeMs(timeframe));
      expect(stored.length).toBeGreaterThan(150);
      expect(
        stored.map((c) => [c.openTime - shift, c.open, c.high, c.low, c.close, c.volume]),
      ).toEqual(expected);
    },
  );

  test("knows the 80 minutes of the outage as absent at the venue, and nothing else as lost", async () => {
    const query = "exchange=binance&pair=BTC%2FUSDT&timeframe=1m&limit=500";
    const { gaps } = await hub.get<{ gaps: { openTime: number; state: string }[] }>(
      `/api/v1/gaps?${query}`,
    );
    const isOutage = (openTime: number): boolean =>
      openTime - shift >= OUTAGE.from && openTime - shift < OUTAGE.to;
    const outage = gaps.filter((gap) => isOutage(gap.openTime));
    const others = gaps.filter((gap) => !isOutage(gap.openTime));

    expect(new Set(outage.map((gap) => gap.openTime)).size).toBe(80);
    expect([...new Set(outage.map((gap) => gap.state))]).toEqual(["empty"]);
    // A machine that is busy may come late for a candle; it never stays away.
    expect(others.filter((gap) => gap.state !== "healed")).toEqual([]);
  });

  test("gives each signal exactly one verdict, and each accepted one exactly one order", async () => {
    // What was raised a moment ago is still on its way.
    await hub.post("/api/v1/halt", { reason: "counting" });
    const settled = await until(
      async () => {
        const { queue } = await hub.get<{ queue: { status: string }[] }>("/api/v1/queue");
        return queue.every((item) => item.status === "done");
      },
      10_000,
      "the queue to be worked off",
    );
    const signals = await allSignals(hub);
    const { orders } = await hub.get<{ orders: ApiOrder[] }>("/api/v1/orders?limit=1000");
    const accepted = signals.filter((signal) => signal.verdict?.decision === "accepted");
    const ofSignals = orders.filter((order) => order.origin === "signal");

    expect(settled).toBe(true);
    expect(signals.length).toBeGreaterThan(0);
    expect(new Set(signals.map((signal) => signal.id)).size).toBe(signals.length);
    expect(signals.filter((signal) => signal.verdict === null)).toEqual([]);
    expect(signals.every((signal) => (signal.verdict?.checks.length ?? 0) > 10)).toBe(true);
    expect(ofSignals.flatMap((order) => order.signalId ?? []).toSorted()).toEqual(
      accepted.map((signal) => signal.id).toSorted(),
    );
  });
});

function recorded(minutes: readonly Row[], timeframe: Timeframe): number[][] {
  return timeframe === "1m" ? minutes.map((row) => row.map(Number)) : aggregate(minutes, timeframe);
}
