import type { AnalystProtocol } from "../../../src/actors/analyst/protocol.ts";
import { Architect } from "../../../src/actors/architect/architect.ts";
import type {
  ArchitectProtocol,
  CandleBatch,
  GapReport,
} from "../../../src/actors/architect/protocol.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import { type Series, seriesKey } from "../../../src/market/series.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import { NOON, series } from "../../kit/builders.ts";
import { FakeContext } from "../../kit/fake-context.ts";
import { candleAt } from "../../kit/fake-market.ts";
import { FakeStore } from "../../kit/fake-store.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { type Recorder, recorder } from "../../kit/recorder.ts";

export const HOUR = 3_600_000;
export const BTC = series();
export const ETH = series({ pair: "ETH/USDT" });
export const at = (n: number): number => NOON + n * HOUR;

export function setUp(db = new FakeStore()) {
  const clock = new ManualClock(NOON + HOUR + 6_000);
  const events: HubEvent[] = [];
  const analysts = new Map<string, Recorder<AnalystProtocol>>(
    [BTC, ETH].map((s) => [seriesKey(s), recorder<AnalystProtocol>()]),
  );
  const context = new FakeContext<ArchitectProtocol>(clock);
  const janitors: AbortSignal[] = [];
  const architect = new Architect(
    {
      store: db.store,
      clock,
      machineClock: clock,
      gate: new StoreGate(clock, (event) => events.push(event)),
      janitor: { run: async (signal) => void janitors.push(signal) },
      publish: (event) => events.push(event),
      analyst: (s: Series) => analysts.get(seriesKey(s)),
    },
    context,
  );
  const analystOf = (s: Series): Recorder<AnalystProtocol> =>
    analysts.get(seriesKey(s)) ?? recorder<AnalystProtocol>();
  const heard = (s: Series): string[] =>
    analystOf(s).received.map(({ topic, message }) =>
      topic === "wake"
        ? `wake ${((message as { candle: { openTime: number } }).candle.openTime - NOON) / HOUR}`
        : topic,
    );
  const kinds = (): string[] => events.map((event) => event.kind);
  return { clock, db, events, kinds, context, architect, analystOf, heard, janitors };
}

/** A batch of the candles with those numbers, waking by the last of them. */
export function batch(numbers: readonly number[], over: Partial<CandleBatch> = {}): CandleBatch {
  return {
    series: BTC,
    seriesId: 1,
    candles: numbers.map((n) => candleAt(at(n))),
    source: "poll",
    attempt: 1,
    fetchedAt: NOON,
    answeredAt: 77,
    wakes: at(numbers.at(-1) ?? 0),
    ...over,
  };
}

export const revisedAt = (n: number, wakes: number | null): CandleBatch =>
  batch([], { candles: [candleAt(at(n), 105)], wakes: wakes === null ? null : at(wakes) });

export const gap = (
  n: number,
  state: GapReport["state"],
  over: Partial<GapReport> = {},
): GapReport => {
  return { series: BTC, seriesId: 1, openTime: at(n), state, reason: "late", attempts: 6, ...over };
};

export const look = { series: BTC, seriesId: 1, limit: 10 };
