import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choresOf } from "../../../src/actors/architect/chores.ts";
import { Janitor } from "../../../src/actors/architect/janitor.ts";
import { type Retention, retentionSchema } from "../../../src/config/retention.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import { TIMEFRAMES } from "../../../src/market/timeframe.ts";
import { StoreFailure } from "../../../src/store/errors.ts";
import type { CandleAge, UpkeepStore } from "../../../src/store/upkeep-port.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { withStore } from "../../kit/store.ts";
import { candleRow } from "../../store/builders.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2028, 2, 1, 12);

/** An upkeep that writes down what it is asked for, and has nothing to do unless a test says so. */
class FakeUpkeep {
  readonly asked: string[] = [];
  readonly ages: CandleAge[] = [];
  readonly cuts = new Map<string, number>();
  /** Steps that still find a hundred rows, by what they are about. */
  readonly work = new Map<string, number>();
  readonly busy = new Set<string>();
  readonly broken = new Map<string, Error>();
  revisedBefore: number | undefined;

  trim: UpkeepStore["trim"] = async (age, revisedBefore) => {
    this.ages.push(age);
    this.revisedBefore = revisedBefore;
    const step = await this.#step(`trim ${age.timeframe}`);
    return step.kind === "busy" ? step : { ...step, candles: step.rows, revisions: 0, gaps: 0 };
  };
  retire: UpkeepStore["retire"] = async ({ timeframe }) => {
    const step = await this.#step(`retire ${timeframe}`);
    return step.kind === "busy" ? step : { ...step, month: step.more ? "2028-01" : null };
  };
  forget: UpkeepStore["forget"] = (what, beforeMs) => {
    this.cuts.set(what, beforeMs);
    return this.#step(what);
  };
  tidy: UpkeepStore["tidy"] = async (endedBeforeMs) => {
    this.cuts.set("tidy", endedBeforeMs);
    const step = await this.#step("tidy");
    return step.kind === "busy" ? step : { ...step, month: null };
  };
  figures: UpkeepStore["figures"] = () => Promise.reject(new Error("not asked by a janitor"));

  async #step(what: string) {
    await Promise.resolve();
    this.asked.push(what);
    const broken = this.broken.get(what);
    if (broken !== undefined) throw broken;
    if (this.busy.has(what)) return { kind: "busy" } as const;
    const left = this.work.get(what) ?? 0;
    this.work.set(what, Math.max(0, left - 1));
    return { kind: "done", rows: left > 0 ? 100 : 0, more: left > 0 } as const;
  }
}

function setUp(retention: Partial<Retention> = {}) {
  const upkeep = new FakeUpkeep();
  const clock = new ManualClock(NOW);
  const machineClock = new ManualClock();
  const events: HubEvent[] = [];
  const end = new AbortController();
  const janitor = new Janitor({
    upkeep,
    retention: { ...retentionSchema.parse({}), ...retention },
    clock,
    machineClock,
    random: () => 0.5,
    publish: (event) => events.push(event),
  });
  const ended = janitor.run(end.signal);
  /** Lets the first round run: two minutes after the start, and half of the eight it may take more. */
  const first = () => machineClock.advance(6 * MINUTE);
  return { upkeep, clock, machineClock, events, end, ended, first };
}

describe("a janitor", () => {
  test("comes some minutes after the start, and then once a day", async () => {
    const { upkeep, machineClock } = setUp();
    const rounds = () => upkeep.asked.filter((what) => what === "tidy").length;
    const seen: number[] = [];

    for (const ms of [6 * MINUTE - 1, 1, MINUTE, DAY, DAY + 5 * MINUTE]) {
      await machineClock.advance(ms);
      seen.push(rounds());
    }

    expect(seen).toEqual([0, 1, 1, 1, 2]);
  });

  test("takes out what is limited and leaves the rest alone", async () => {
    const { upkeep, first } = setUp({ verdicts: null });

    await first();

    expect(upkeep.asked).toEqual([
      "trim 1m",
      "retire 1m",
      "trim 5m",
      "retire 5m",
      "trim 15m",
      "retire 15m",
      "gaps",
      "queue",
      "events",
      "prices",
      "pings",
      "tidy",
    ]);
  });

  test("goes on in small steps with rests between them, and tells what is gone", async () => {
    const { upkeep, machineClock, events, first } = setUp();
    upkeep.work.set("retire 5m", 3).set("verdicts", 1).set("trim 1m", 1);

    await first();
    const early = upkeep.asked.filter((what) => what === "retire 5m").length;
    await machineClock.advance(1_000);

    expect(early).toBeLessThan(4);
    expect(upkeep.asked.filter((what) => what === "retire 5m")).toHaveLength(4);
    expect(events).toEqual([
      { kind: "old-rows-removed", removed: { candles: 400, verdicts: 100 } },
    ]);
  });

  test("tells of a chore that failed, does the others, and is back within the hour or so", async () => {
    const { upkeep, machineClock, events, first } = setUp();
    upkeep.broken.set("queue", new Error("deadlock"));

    await first();
    const others = upkeep.asked.slice(upkeep.asked.indexOf("queue") + 1);
    upkeep.broken.clear();
    await machineClock.advance(HOUR + 4 * MINUTE);

    expect(others).toEqual(["verdicts", "events", "prices", "pings", "tidy"]);
    expect(events).toEqual([{ kind: "upkeep-failed", chore: "forget queue", reason: "deadlock" }]);
    expect(upkeep.asked.filter((what) => what === "queue")).toHaveLength(2);
  });

  test("gives the round up while the database is away, with one word about it", async () => {
    const { upkeep, events, first } = setUp();
    const away = new StoreFailure("offline", "ECONNREFUSED", "the database is away");
    for (const what of ["retire 5m", "retire 15m", "queue"]) upkeep.broken.set(what, away);

    await first();

    expect(upkeep.asked.at(-1)).toBe("retire 5m");
    expect(events).toMatchObject([{ kind: "upkeep-failed", reason: "the database is away" }]);
  });

  test.each([
    ["retire 1m", HOUR],
    ["tidy", DAY],
  ])("leaves %s to whoever is in the way, and is back later", async (what, laterMs) => {
    const { upkeep, machineClock, events, first } = setUp();
    upkeep.busy.add(what);
    const tries = () => upkeep.asked.filter((one) => one === what).length;

    await first();
    await machineClock.advance(laterMs + 4 * MINUTE - 1_000);
    const early = tries();
    await machineClock.advance(1_000);

    expect([early, tries()]).toEqual([1, 2]);
    expect(events).toEqual([]);
  });

  test("ends with its owner, in the middle of its work as well", async () => {
    const { upkeep, machineClock, end, ended, first } = setUp();
    upkeep.work.set("retire 5m", 1_000);
    await first();

    end.abort(new Error("stopped"));
    await ended;
    const asked = upkeep.asked.length;
    await machineClock.advance(3 * DAY);

    expect(upkeep.asked).toHaveLength(asked);
    expect(machineClock.pending).toBe(0);
  });
});

describe("what is due", () => {
  test("is older than its days on the hub's clock, to the millisecond, leap days or not", async () => {
    const days = fc.option(fc.integer({ min: 1, max: 36_500 }), { nil: null });
    const candles = fc.record(
      Object.fromEntries(TIMEFRAMES.map((timeframe) => [timeframe, days])) as Record<
        (typeof TIMEFRAMES)[number],
        typeof days
      >,
    );
    const rows = { gaps: days, verdicts: days, queue: days, events: days, prices: days };
    const any = fc.record({ candles, revisions: days, ...rows, pings: days });
    const instants = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2099, 0, 1) });

    await fc.assert(
      fc.asyncProperty(any, instants, async (retention, nowMs) => {
        const upkeep = new FakeUpkeep();
        for (const chore of choresOf(upkeep, retention, nowMs)) await chore.step();

        const { revisions } = retention;
        const cutOf = (kept: number | null) => (kept === null ? undefined : nowMs - kept * DAY);
        expect(upkeep.ages).toEqual(
          TIMEFRAMES.filter((one) => retention.candles[one] !== null || revisions !== null).map(
            (timeframe) => {
              const kept = retention.candles[timeframe];
              return { timeframe, keepMs: kept === null ? null : kept * DAY, nowMs };
            },
          ),
        );
        expect(upkeep.revisedBefore).toBe(cutOf(revisions));
        for (const what of ["gaps", "verdicts", "queue", "events", "prices", "pings"] as const) {
          expect(upkeep.cuts.get(what)).toBe(cutOf(retention[what]));
        }
      }),
    );
  });
});

describe("a janitor on a real database", () => {
  const opened = withStore();

  test("rolls the months of a year and keeps what the settings keep", async () => {
    const { candles, watch, upkeep } = opened.store;
    const key = { exchange: "binance", pair: "YEAR/USDT", timeframe: "15m" } as const;
    const { series } = await watch.add("main", key, "test", NOW);
    const days = Array.from({ length: 366 }, (_, i) => NOW - (365 - i) * DAY);
    await candles.upsert(
      "15m",
      days.map((openTime) => candleRow(series.id, 0, { openTime })),
    );
    const clock = new ManualClock(NOW);
    const machineClock = new ManualClock();
    const events: HubEvent[] = [];
    const end = new AbortController();
    const retention = retentionSchema.parse({ candles: { "15m": 40 }, pings: null });
    const publish = (event: HubEvent): void => void events.push(event);
    const deps = { upkeep, retention, clock, machineClock, random: () => 0, publish };
    const ended = new Janitor(deps).run(end.signal);

    await machineClock.advance(2 * MINUTE);
    while (events.length === 0) await machineClock.advance(100);
    end.abort(new Error("stopped"));
    await ended;

    // Forty days before March the first is January the 21st: its month stays whole.
    const left = (await candles.last(series, 1_000)).map(({ openTime }) => openTime);
    expect(left).toEqual(days.filter((openTime) => openTime >= Date.UTC(2028, 0, 1)));
    expect(events).toEqual([{ kind: "old-rows-removed", removed: { candles: 366 - left.length } }]);
    const sound = { rows: left.length, unlinked: 0, broken: null, headFits: true };
    expect(await candles.verify(series)).toEqual(sound);
  });
});
