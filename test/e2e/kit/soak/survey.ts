import type { Candle } from "../../../../src/market/candle.ts";
import {
  lastClosedOpenTime,
  TIMEFRAMES,
  type Timeframe,
  timeframeMinutes,
  timeframeMs,
} from "../../../../src/market/timeframe.ts";
import type { Place } from "../../../../src/store/pg/connection.ts";
import type { MarketTruth } from "../../../kit/market-truth.ts";
import { sql } from "../../../kit/sql.ts";

/** One series as the database has it. */
interface Stored {
  readonly id: number;
  readonly pair: string;
  readonly timeframe: Timeframe;
}

/** A candle as the database has it. */
export interface Row {
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What is there of all that was due, over every series. */
export interface Survey {
  readonly series: number;
  readonly candles: number;
  /** Candles that are due, not stored, and no gap. */
  readonly lost: readonly string[];
  /** Gaps that may still be filled. */
  readonly open: readonly string[];
  /** Candles that are not as the market made them. */
  readonly wrong: readonly string[];
  /** Candles that the exchange is taken not to have. */
  readonly empty: number;
}

async function allSeries(place: Place): Promise<Stored[]> {
  const rows = await sql(place, "select id, pair, tf from hub.series order by id");
  return rows.map(({ id, pair, tf }) => {
    const timeframe = TIMEFRAMES.find((one) => timeframeMinutes(one) === tf);
    if (timeframe === undefined) throw new Error(`no timeframe of ${String(tf)} minutes`);
    return { id: Number(id), pair: String(pair), timeframe };
  });
}

async function candlesOf(place: Place, { id, timeframe }: Stored): Promise<Row[]> {
  const rows = await sql(
    place,
    `select extract(epoch from open_time) * 1000 as at, open, high, low, close, volume
      from hub.candles where tf = $1 and series_id = $2 order by open_time`,
    [timeframeMinutes(timeframe), id],
  );
  return rows.map(({ at, ...prices }) => ({ ...(prices as unknown as Row), at: Number(at) }));
}

/** The gaps of a series that have not healed, by open time. */
async function gapsOf(place: Place, { id }: Stored): Promise<ReadonlyMap<number, string>> {
  const rows = await sql(
    place,
    `select extract(epoch from open_time) * 1000 as at, state from hub.gaps
      where series_id = $1 and state <> 'healed'`,
    [id],
  );
  return new Map(rows.map(({ at, state }) => [Number(at), String(state)]));
}

function isTrue(row: Row, truth: Candle): boolean {
  return (["open", "high", "low", "close", "volume"] as const).every(
    (figure) => row[figure] === truth[figure],
  );
}

/** What of one series is not as it must be, by open time. */
interface Compared {
  readonly lost: readonly number[];
  readonly open: readonly number[];
  readonly wrong: readonly number[];
  readonly empty: number;
}

/** Between the two all that closes is due. */
export interface Due {
  readonly fromMs: number;
  readonly atMs: number;
}

/**
 * Compares one series with the market itself.
 * @param gaps those that have not healed: their state by open time.
 */
export function compare(
  timeframe: Timeframe,
  rows: readonly Row[],
  gaps: ReadonlyMap<number, string>,
  truth: (openTime: number) => Candle,
  due: Due,
): Compared {
  const stored = new Set(rows.map(({ at }) => at));
  const last = lastClosedOpenTime(timeframe, due.atMs);
  // A series whose beginning is missing has lost it: its first candle alone would not tell.
  const first = Math.min(rows[0]?.at ?? last, lastClosedOpenTime(timeframe, due.fromMs));
  const lost: number[] = [];
  for (let at = first; at <= last; at += timeframeMs(timeframe)) {
    if (!stored.has(at) && !gaps.has(at)) lost.push(at);
  }
  const unhealed = [...gaps].filter(([at, state]) => state !== "empty" && at <= last);
  return {
    lost,
    open: unhealed.map(([at]) => at),
    wrong: rows.filter((row) => !isTrue(row, truth(row.at))).map(({ at }) => at),
    empty: [...gaps.values()].filter((state) => state === "empty").length,
  };
}

/**
 * Compares all that is stored with the market itself. Two candles of one open time cannot be: that is a
 * key of the table.
 */
export async function survey(place: Place, truth: MarketTruth, due: Due): Promise<Survey> {
  const [lost, open, wrong]: [string[], string[], string[]] = [[], [], []];
  const series = await allSeries(place);
  let [candles, empty] = [0, 0];
  for (const one of series) {
    const { pair, timeframe } = one;
    const name = (at: number): string => `${pair} ${timeframe} ${new Date(at).toISOString()}`;
    const [rows, gaps] = await Promise.all([candlesOf(place, one), gapsOf(place, one)]);
    const truly = (at: number): Candle => truth(pair, timeframe, at);
    const compared = compare(timeframe, rows, gaps, truly, due);
    candles += rows.length;
    empty += compared.empty;
    lost.push(...compared.lost.map(name));
    open.push(...compared.open.map((at) => `${name(at)} ${gaps.get(at)}`));
    wrong.push(...compared.wrong.map(name));
  }
  return { series: series.length, candles, lost, open, wrong, empty };
}
