import { CloseBell } from "../../../../src/actors/commander/close-bell.ts";
import type { ClockOffset } from "../../../../src/exchanges/port.ts";
import { provenNow } from "../../../../src/exchanges/proven-now.ts";
import { ServerClock } from "../../../../src/exchanges/server-clock.ts";
import type { Candle } from "../../../../src/market/candle.ts";
import {
  lastClosedOpenTime,
  type Timeframe,
  timeframeMs,
} from "../../../../src/market/timeframe.ts";
import { StepWatch } from "../../../../src/runtime/step-watch.ts";
import { series } from "../../../kit/builders.ts";
import { FakeMarket } from "../../../kit/fake-market.ts";
import { ManualClock } from "../../../kit/manual-clock.ts";
import { standHarvester } from "../world.ts";

const DELAY_MS = 5_000;
const HISTORY = 10;

/** An exchange whose time is the true one; ours is what a test makes of it. */
class TrueMarket extends FakeMarket {
  readonly #truth: () => number;
  readonly #serverClock: ServerClock;
  /** How much too much the exchange's clock says, ms. */
  errorMs = 0;

  constructor(clock: ManualClock, truth: () => number) {
    super(clock);
    this.#truth = truth;
    this.#serverClock = new ServerClock(clock);
  }

  override async measureClock(): Promise<number> {
    await super.measureClock();
    const ask = async (): Promise<number> => this.#truth() + this.errorMs;
    return this.#serverClock.adopt([await this.#serverClock.compare(ask)]);
  }

  override exchangeNowMs(): number {
    return this.#serverClock.nowMs();
  }

  override clockOffset(): ClockOffset | undefined {
    return this.#serverClock.offset();
  }

  protected override venueNowMs(): number {
    return this.#truth();
  }

  protected override sureNowMs(rows: readonly Candle[]): number {
    return provenNow(this.#serverClock.nowMs(), this.#serverClock.ownNowMs(), rows);
  }
}

/**
 * A harvester and its bell on a machine whose clock is set and which sleeps, at an exchange whose clock
 * is right but may be read wrong.
 */
export async function openWorld(startMs: number, timeframes: readonly Timeframe[]) {
  const clock = new ManualClock(startMs);
  let sleptMs = 0;
  const truth = (): number => startMs + clock.monotonicMs() + sleptMs;
  const market = new TrueMarket(clock, truth);
  const steps = new StepWatch(clock, clock);
  const stand = standHarvester(clock, market, steps);
  const { harvester, db, events, analyst, wakes, commander } = stand;
  const rung: { readonly timeframe: Timeframe; readonly closeTime: number; readonly at: number }[] =
    [];
  const bell = new CloseBell(clock, DELAY_MS, ({ timeframe, closeTime }) => {
    rung.push({ timeframe, closeTime, at: truth() });
    harvester.closed({ timeframe, closeTime, heldPairs: [] });
  });
  let measured = 0;
  /** What was stored or told to an analyst before it had closed, or twice. */
  const wrong: string[] = [];
  /** Gaps noted of candles that had yet to close. */
  const early: string[] = [];
  /** Candles that analysts were told of. */
  const woken: string[] = [];
  const look = (): void => {
    const offsets = commander.of("clockMeasured");
    for (const { offsetMs } of offsets.slice(measured)) bell.setOffset(offsetMs);
    measured = offsets.length;
    for (const event of events.splice(0)) {
      if (event.kind === "gap-opened" || event.kind === "retry-pending") {
        const { series: of, openTime } = event;
        const name = nameOf(of.timeframe, openTime);
        if (openTime + timeframeMs(of.timeframe) > truth())
          early.push(`${name} a gap before it closed`);
      }
      if (event.kind !== "candle-saved") continue;
      const name = nameOf(event.series.timeframe, event.openTime);
      if (event.closeTime > truth()) wrong.push(`${name} stored before it closed`);
    }
    const given = analyst.of("wake");
    for (const { timeframe } of wakes.slice(woken.length)) {
      const openTime = given[woken.length]?.candle.openTime ?? 0;
      const name = nameOf(timeframe, openTime);
      if (openTime + timeframeMs(timeframe) > truth()) wrong.push(`${name} told before it closed`);
      if (woken.includes(name)) wrong.push(`${name} told twice`);
      woken.push(name);
    }
  };
  /** Lets the machine run. */
  const run = async (forMs: number): Promise<void> => {
    const untilMs = clock.monotonicMs() + forMs;
    while (clock.monotonicMs() < untilMs) {
      await clock.advance(Math.min(1_000, untilMs - clock.monotonicMs()));
      look();
    }
  };
  harvester.start();
  steps.start();
  await clock.advance(0);
  look();
  const all = timeframes.map((timeframe, i) => ({
    series: series({ timeframe }),
    seriesId: i + 1,
  }));
  for (const one of all) {
    bell.join(one.series.timeframe);
    await harvester.follow({ ...one, candles: HISTORY });
  }
  await clock.advance(0);
  /** Closes since the start that a poll may have brought by now, with what became of each. */
  const accounts = () =>
    all.flatMap(({ series: { timeframe }, seriesId }) => {
      const stored = new Set(db.stored(seriesId).map(({ openTime }) => openTime));
      const last = lastClosedOpenTime(timeframe, truth() - DELAY_MS - 1_000);
      const step = timeframeMs(timeframe);
      const first = lastClosedOpenTime(timeframe, startMs) + step;
      const closes: { readonly name: string; readonly stored: boolean; readonly gap?: string }[] =
        [];
      for (let at = first; at <= last; at += step) {
        const name = nameOf(timeframe, at);
        const gap = db.gap(seriesId, at);
        closes.push({ name, stored: stored.has(at), ...(gap === undefined ? {} : { gap }) });
      }
      return closes;
    });
  return {
    ...stand,
    clock,
    market,
    bell,
    rung,
    wrong,
    early,
    woken,
    truth,
    run,
    accounts,
    /** Sets the wall clock on, or back. */
    set: (byMs: number): void => clock.step(byMs),
    /** The machine sleeps: monotonic time stands still, and the wall clock is right afterwards. */
    sleep: (forMs: number): void => {
      sleptMs += forMs;
      clock.step(forMs);
    },
    /** Puts the wall clock right. */
    correct: (): void => clock.step(truth() - clock.nowMs()),
    end: (): void => {
      harvester.stop();
      steps.stop();
      bell.stop();
    },
  };
}

function nameOf(timeframe: Timeframe, openTime: number): string {
  return `${timeframe} ${new Date(openTime).toISOString().slice(0, 16)}`;
}
