import { describe, expect, test } from "vitest";
import { CloseBell } from "../../../src/actors/commander/close-bell.ts";
import { createOandaMarketData } from "../../../src/exchanges/oanda/market-data.ts";
import { openTimeAt, type Timeframe, timeframeMs } from "../../../src/market/timeframe.ts";
import { machineClock } from "../../../src/runtime/clock.ts";
import { startStandIn } from "../../exchanges/oanda/stand-in.ts";
import { accountOf } from "../../exchanges/oanda/world.ts";
import { series } from "../../kit/builders.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { watchMarket } from "./faults/watched-market.ts";
import { standHarvester } from "./world.ts";

const HOUR = 3_600_000;
const DELAY_MS = 5_000;
const TIMEFRAMES: readonly Timeframe[] = ["1h", "4h", "1d", "1w"];
const at = (text: string): number => Date.parse(`${text.replace(" ", "T")}:00Z`);

/** Friday to Sunday 17:00 in New York, written down by hand in UTC. */
const SEASONS = [
  {
    name: "New York puts its clocks forward, Europe three weeks later, and a month ends",
    from: "2026-03-04 12:30",
    until: "2026-04-01 12:30",
    weekends: [
      ["2026-02-20 22:00", "2026-02-22 22:00"],
      ["2026-02-27 22:00", "2026-03-01 22:00"],
      ["2026-03-06 22:00", "2026-03-08 21:00"],
      ["2026-03-13 21:00", "2026-03-15 21:00"],
      ["2026-03-20 21:00", "2026-03-22 21:00"],
      ["2026-03-27 21:00", "2026-03-29 21:00"],
    ],
  },
  {
    name: "Europe puts its clocks back, New York a week later, and a month ends on a Saturday",
    from: "2026-10-21 12:30",
    until: "2026-11-11 12:30",
    weekends: [
      ["2026-10-09 21:00", "2026-10-11 21:00"],
      ["2026-10-16 21:00", "2026-10-18 21:00"],
      ["2026-10-23 21:00", "2026-10-25 21:00"],
      ["2026-10-30 21:00", "2026-11-01 22:00"],
      ["2026-11-06 22:00", "2026-11-08 22:00"],
    ],
  },
  {
    name: "a leap day is a Tuesday",
    from: "2028-02-23 12:30",
    until: "2028-03-14 12:30",
    weekends: [
      ["2028-02-11 22:00", "2028-02-13 22:00"],
      ["2028-02-18 22:00", "2028-02-20 22:00"],
      ["2028-02-25 22:00", "2028-02-27 22:00"],
      ["2028-03-03 22:00", "2028-03-05 22:00"],
      ["2028-03-10 22:00", "2028-03-12 21:00"],
    ],
  },
  {
    name: "a leap day is a Sunday, of which two hours are traded",
    from: "2032-02-25 12:30",
    until: "2032-03-09 12:30",
    weekends: [
      ["2032-02-13 22:00", "2032-02-15 22:00"],
      ["2032-02-20 22:00", "2032-02-22 22:00"],
      ["2032-02-27 22:00", "2032-02-29 22:00"],
      ["2032-03-05 22:00", "2032-03-07 22:00"],
    ],
  },
] as const;

type Season = (typeof SEASONS)[number];

/** Open times of a timeframe's candles that close in a season and have some trading in them. */
function dueIn({ from, until, weekends }: Season, timeframe: Timeframe): number[] {
  const step = timeframeMs(timeframe);
  const due: number[] = [];
  for (let open = openTimeAt(timeframe, at(from)); open + step <= at(until); open += step) {
    const isResting = weekends.some(([end, start]) => open >= at(end) && open + step <= at(start));
    if (!isResting) due.push(open);
  }
  return due;
}

/** A harvester and its bell at OANDA's stand-in, through a season. */
async function live(season: Season, completesLate: boolean) {
  const clock = new ManualClock(at(season.from));
  const venue = await startStandIn(clock);
  venue.completesLate = completesLate;
  venue.quiet.push(...season.weekends.map(([end, start]) => [at(end), at(start)] as const));
  const account = accountOf(venue);
  const market = createOandaMarketData({
    account: async () => account,
    clock,
    machineClock,
    baseUrl: venue.baseUrl,
    deadlineMs: 5_000,
    random: () => 0,
  });
  const { watched, idle } = watchMarket(market, () => undefined);
  const { harvester, db, wakes, events } = standHarvester(clock, watched);
  const bell = new CloseBell(clock, DELAY_MS, ({ timeframe, closeTime }) =>
    harvester.closed({ timeframe, closeTime, heldPairs: [] }),
  );
  harvester.start();
  await idle();
  const all = TIMEFRAMES.map((timeframe, i) => ({
    series: series({ exchange: "oanda", pair: "EUR/USD", timeframe }),
    seriesId: i + 1,
  }));
  for (const one of all) {
    bell.join(one.series.timeframe);
    await harvester.follow({ ...one, candles: 3 });
  }
  await idle();
  events.length = 0;
  // To each hour, the delay, and the tries of the quarter of a minute after it.
  const first = openTimeAt("1h", at(season.from)) + HOUR;
  for (let hour = first; hour <= at(season.until); hour += HOUR) {
    await clock.advance(hour + DELAY_MS - clock.nowMs());
    await idle();
    for (const waitMs of [2_000, 5_000, 8_000]) {
      await clock.advance(waitMs);
      await idle();
    }
  }
  harvester.stop();
  bell.stop();
  await market.close();
  await venue.close();
  const startMs = at(season.from);
  const polls = events.flatMap((event) => (event.kind === "poll-finished" ? [event] : []));
  return {
    /** Of a timeframe: what was stored since the start, how often it was asked for, who was woken. */
    of: (timeframe: Timeframe) => {
      const step = timeframeMs(timeframe);
      const stored = db
        .stored(TIMEFRAMES.indexOf(timeframe) + 1)
        .map(({ openTime }) => openTime)
        .filter((openTime) => openTime + step > startMs);
      const asked = polls.filter(({ series: of }) => of.timeframe === timeframe);
      return {
        stored,
        wakes: wakes.filter((wake) => wake.timeframe === timeframe).length,
        polls: asked.length,
        inVain: asked.filter(({ outcome }) => outcome !== "ok").length,
      };
    },
    gaps: db.notes.size,
  };
}

describe.each(SEASONS)("candles of currencies when $name", (season) => {
  test("are polled once for each close of the trading week, and nothing else is missing", {
    timeout: 180_000,
  }, async () => {
    const seen = await live(season, false);

    for (const timeframe of TIMEFRAMES) {
      const due = dueIn(season, timeframe);
      expect(seen.of(timeframe)).toEqual({
        stored: due,
        wakes: due.length,
        polls: due.length,
        inVain: 0,
      });
    }
    expect(seen.gaps).toBe(0);
  });
});

describe("candles of currencies that OANDA is late to call complete", () => {
  test("are waited for until they are settled, through a weekend and a leap day", {
    timeout: 180_000,
  }, async () => {
    const season = SEASONS[3];
    const seen = await live(season, true);

    for (const timeframe of TIMEFRAMES) {
      const due = dueIn(season, timeframe);
      // In vain after 5 and 7 s; after 12 s nobody has quoted for ten.
      expect(seen.of(timeframe)).toEqual({
        stored: due,
        wakes: due.length,
        polls: 3 * due.length,
        inVain: 2 * due.length,
      });
    }
    expect(seen.gaps).toBe(0);
  });
});
