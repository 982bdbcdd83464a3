import { createCcxtMarketData } from "../../../../src/exchanges/ccxt/market-data.ts";
import {
  faultSource,
  parseFaultPlan,
  startSandbox,
} from "../../../../src/exchanges/sandbox/index.ts";
import { sameCandle } from "../../../../src/market/candle.ts";
import { lastClosedOpenTime } from "../../../../src/market/timeframe.ts";
import { type Clock, machineClock } from "../../../../src/runtime/clock.ts";
import { limits, NOON, series } from "../../../kit/builders.ts";
import { ManualClock } from "../../../kit/manual-clock.ts";
import { marketTruth } from "../../../kit/market-truth.ts";
import { standHarvester } from "../world.ts";
import { watchMarket } from "./watched-market.ts";

const MINUTE_MS = 60_000;
/** Venues need a moment to write a candle: polls go out so long after a close. */
const POLL_DELAY_MS = 5_000;
const PATIENCE_MS = 20_000;
const HISTORY = 10;

/** What was noticed of a poll or of the clock, in the words of the table. */
export type Notice =
  | "missing"
  | "corrupt"
  | "transient"
  | "permanent"
  | "banned"
  | "revision"
  | "skew";

/**
 * A harvester that follows a pair's minutes at a sandbox exchange where things go wrong. All are real
 * but the database, and the clock is moved by hand, a second at a time.
 */
export async function openWorld(rules: readonly object[]) {
  const clock = new ManualClock(NOON);
  const sandbox = await startSandbox({
    seed: "faults",
    clock,
    faults: faultSource(parseFaultPlan(rules)),
  });
  const patience = { ms: PATIENCE_MS };
  const deadlines: Clock = {
    nowMs: () => machineClock.nowMs(),
    monotonicMs: () => machineClock.monotonicMs(),
    after: (_, callback) => machineClock.after(patience.ms, callback),
    sleep: (ms, signal) => machineClock.sleep(ms, signal),
  };
  const market = await createCcxtMarketData({
    exchange: "binance",
    clock,
    machineClock: deadlines,
    baseUrl: sandbox.url,
    deadlineMs: PATIENCE_MS,
    random: () => 0,
  });
  const noticed = new Set<Notice>();
  const { watched, idle } = watchMarket(market, (fault) => {
    if (fault !== "unknown-outcome") noticed.add(fault);
  });
  const stand = standHarvester(clock, watched);
  const { harvester, db, events, commander } = stand;
  const followed = series({ timeframe: "1m" });
  const truth = marketTruth("faults");
  let told = NOON;
  const look = (): void => {
    for (const event of events.splice(0)) {
      if (event.kind === "poll-finished" && event.outcome === "missing") noticed.add("missing");
      if (event.kind === "poll-finished" && event.outcome === "corrupt") noticed.add("corrupt");
      if (event.kind === "candle-saved" && event.novelty === "revised") noticed.add("revision");
    }
    for (const { offsetMs } of commander.of("clockMeasured")) {
      if (Math.abs(offsetMs) > limits().maxClockSkewMs) noticed.add("skew");
    }
  };
  /** Lets time pass up to an instant after the start, ms; closes are told by the exchange's clock. */
  const runTo = async (elapsedMs: number): Promise<void> => {
    while (clock.monotonicMs() < elapsedMs) {
      await clock.advance(1_000);
      const due = lastClosedOpenTime("1m", market.exchangeNowMs() - POLL_DELAY_MS) + MINUTE_MS;
      if (due > told) harvester.closed({ timeframe: "1m", closeTime: (told = due), heldPairs: [] });
      await idle();
      look();
    }
  };
  harvester.start();
  await idle();
  const answer = await harvester.follow({ series: followed, seriesId: 1, candles: HISTORY });
  if (answer.kind !== "ready") throw new Error(answer.reason);
  const numberOf = (openTime: number): number => (openTime - NOON) / MINUTE_MS;
  const isTrue = (candle: ReturnType<typeof db.stored>[number]): boolean =>
    sameCandle(candle, truth(followed.pair, "1m", candle.openTime));
  return {
    ...stand,
    market,
    noticed,
    patience,
    runTo,
    /** Numbers of the candles stored: 0 is the one that opened at the start. */
    stored: (): number[] => db.stored(1).map(({ openTime }) => numberOf(openTime)),
    /** Numbers of those stored otherwise than they truly are. */
    wrong: (): number[] =>
      db
        .stored(1)
        .filter((c) => !isTrue(c))
        .map((c) => numberOf(c.openTime)),
    woken: (): number[] => stand.analyst.of("wake").map((w) => numberOf(w.candle.openTime)),
    gap: (n: number): string | undefined => db.gap(1, NOON + n * MINUTE_MS),
    close: async (): Promise<void> => {
      harvester.stop();
      stand.context.end();
      await market.close();
      await sandbox.close();
    },
  };
}
