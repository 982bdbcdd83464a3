import type { AnalystProtocol } from "../../../src/actors/analyst/protocol.ts";
import { Architect } from "../../../src/actors/architect/architect.ts";
import type { ArchitectProtocol } from "../../../src/actors/architect/protocol.ts";
import type { CommanderProtocol } from "../../../src/actors/commander/protocol.ts";
import { Harvester, type HarvesterDeps } from "../../../src/actors/harvester/harvester.ts";
import type { FollowOrder, HarvesterProtocol } from "../../../src/actors/harvester/protocol.ts";
import type { MarketData } from "../../../src/exchanges/port.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import { type Timeframe, timeframeMs } from "../../../src/market/timeframe.ts";
import type { Clock } from "../../../src/runtime/clock.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import { NOON, series } from "../../kit/builders.ts";
import { FakeContext } from "../../kit/fake-context.ts";
import { FakeMarket } from "../../kit/fake-market.ts";
import { FakeStore } from "../../kit/fake-store.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { recorder } from "../../kit/recorder.ts";
import { serial } from "../../kit/serial.ts";
import { NO_STEPS } from "../../kit/steps.ts";

const BATCHED = {
  saveCandles: "batch",
  saveHistory: "batch",
  noteGaps: "single",
  history: "batch",
  evaluated: "batch",
  watched: "single",
  watchRevision: "single",
  takeUp: "single",
  addSeries: "single",
  removeSeries: "single",
  portfolios: "single",
  savePortfolio: "single",
  firstUse: "single",
} as const;

/** A harvester with a real architect on a database in memory, and the analyst it would wake. */
export function standHarvester(
  clock: Clock,
  market: MarketData,
  steps: HarvesterDeps["steps"] = NO_STEPS,
) {
  const db = new FakeStore();
  const events: HubEvent[] = [];
  const publish = (event: HubEvent): void => void events.push(event);
  const analyst = recorder<AnalystProtocol>();
  /** Of each wake, in order: of which timeframe, and when. */
  const wakes: { readonly timeframe: Timeframe; readonly at: number }[] = [];
  const common = { clock, machineClock: clock, publish };
  const owner = new Architect(
    {
      ...common,
      gate: new StoreGate(clock, publish),
      store: db.store,
      janitor: { run: async () => {} },
      analyst: (followed) => ({
        ...analyst,
        tell: (topic, message) => {
          if (topic === "wake")
            wakes.push({ timeframe: followed.timeframe, at: clock.monotonicMs() });
          analyst.tell(topic, message);
        },
      }),
    },
    new FakeContext<ArchitectProtocol>(clock),
  );
  const architect = serial<ArchitectProtocol>(owner, BATCHED);
  const commander = recorder<CommanderProtocol>();
  const context = new FakeContext<HarvesterProtocol>(clock);
  const deps = {
    ...common,
    market,
    architect,
    commander: () => commander,
    steps,
    storeTimeoutMs: 60_000,
  };
  const harvester = new Harvester(deps, context);
  return { db, events, analyst, wakes, architect, commander, context, harvester };
}

/** The same with an exchange in a test's hands, and one series to follow. */
export function setUp(timeframe: Timeframe = "1m", startMs = NOON) {
  const clock = new ManualClock(startMs);
  const market = new FakeMarket(clock);
  const stand = standHarvester(clock, market);
  const { db, events, analyst, harvester } = stand;
  const step = timeframeMs(timeframe);
  const followed = series({ timeframe });
  const order: FollowOrder = { series: followed, seriesId: 1, candles: 10 };
  /** The n-th candle from the start on: 0 is the one that opens at the start. */
  const at = (n: number): number => startMs + n * step;
  /** Lets time pass to the close of the n-th candle and five seconds more, and tells the close. */
  const close = async (n: number, heldPairs: readonly string[] = []): Promise<void> => {
    await clock.advance(Math.max(0, at(n + 1) + 5_000 - clock.nowMs()));
    harvester.closed({ timeframe, closeTime: at(n + 1), heldPairs });
    await clock.advance(0);
  };
  /** Has the series followed, with its history of ten candles loaded. */
  const follow = async (over: Partial<FollowOrder> = {}) => {
    const answer = await harvester.follow({ ...order, ...over });
    await clock.advance(0);
    return answer;
  };
  const stored = (): number[] => db.stored(1).map((candle) => (candle.openTime - startMs) / step);
  const woken = (): number[] =>
    analyst.of("wake").map(({ candle }) => (candle.openTime - startMs) / step);
  const gap = (n: number): string | undefined => db.gap(1, at(n));
  const polls = (): string[] =>
    events.flatMap((e) => (e.kind === "poll-finished" ? [`${e.outcome} ${e.attempt}`] : []));
  return {
    ...stand,
    clock,
    market,
    order,
    at,
    close,
    follow,
    stored,
    woken,
    gap,
    polls,
    followed,
  };
}

/** Whole numbers from the first to the last. */
export function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
