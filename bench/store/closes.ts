import type { Road, Roads } from "./roads.ts";
import { follow, row } from "./rows.ts";
import { median, percentile, printTimes, type Sheet, timed } from "./sheet.ts";

const SERIES = 1_000;
const CLOSES = 300;
const WARM_UP = 20;

/** One new candle of each of a thousand series in one write, on every road in turns. */
export async function closes(roads: Roads, sheet: Sheet): Promise<void> {
  console.log(`\n### ${SERIES} series close at once, ${CLOSES} times\n`);
  const { embedded, postgres, rest } = roads;
  const all = [embedded, postgres, rest].filter((road) => road !== undefined);
  const sides = await Promise.all(all.map(side));
  for (let close = 0; close < CLOSES + WARM_UP; close += 1) {
    for (let i = 0; i < sides.length; i += 1) {
      const one = sides[(close + i) % sides.length];
      const ms = await timed(() => one?.write(close) ?? Promise.resolve());
      if (close >= WARM_UP) one?.times.push(ms);
    }
  }
  for (const { road, times } of sides) {
    printTimes(road.name, times);
    if (road !== rest) {
      sheet.atMost(`${SERIES} closes on ${road.name}, p99`, percentile(times, 0.99), 100, "ms");
    }
  }
  const times = (road: Road | undefined) => sides.find((one) => one.road === road)?.times ?? [];
  if (rest === undefined) return;
  const p99 = percentile(times(rest), 0.99);
  sheet.atMost(`${SERIES} closes through supabase-js, p99`, p99, 200, "ms");
  const ratio = median(times(rest)) / median(times(postgres));
  sheet.atMost("through supabase-js against PostgreSQL, median", ratio, 2, "x");
}

async function side(road: Road) {
  const prefix = road.name.replaceAll(/[^a-z]/gi, "");
  const series = await follow(road.store, `close${prefix}`, SERIES);
  const write = (close: number) =>
    road.store.candles.upsert(
      "1m",
      series.map(({ id }) => row(id, close, "poll")),
    );
  return { road, write, times: [] as number[] };
}
