import type { Candle } from "../../market/candle.ts";
import { type Timeframe, timeframeMinutes } from "../../market/timeframe.ts";
import type { CandleRow, CandleStore, ChainReport, Database } from "../port.ts";
import { candleWrites } from "./candle-writes.ts";
import { flagOf, listOf, numberIn, numberOf, type Row, rowOf, seriesArgs } from "./parse.ts";

/** Timeframes shorter than an hour lie in partitions of a month; the others in one table each. */
const PARTITIONED_BELOW_MINUTES = 60;

/** A third of a megabyte: gateways take that without complaint, and larger calls gain no speed. */
const ROWS_A_CALL = 2_000;

/** Moving rows out of a default partition, or walking a long chain, takes its time. */
const LONG_CALL_MS = 120_000;

export function candleStore(database: Database): CandleStore {
  /** Months known to have their partition, by timeframe: asking again would cost a call a tick. */
  const ready = new Set<string>();

  const ensureMonths = async (timeframe: Timeframe, instants: Iterable<number>): Promise<void> => {
    const minutes = timeframeMinutes(timeframe);
    if (minutes >= PARTITIONED_BELOW_MINUTES) return;
    const due = new Map<string, number>();
    for (const at of instants) {
      const month = `${minutes}/${monthOf(at)}`;
      if (!ready.has(month)) due.set(month, at);
    }
    // A call a month: a long past made in one would run into the time limit of a statement.
    for (const [month, at] of due) {
      const args = { p_from: at, p_to: at, p_tf: minutes };
      await database.call("hub_candle_partitions", args, { timeoutMs: LONG_CALL_MS });
      ready.add(month);
    }
  };

  return {
    async upsert(timeframe, rows) {
      const all = { added: [] as number[], revised: [] as number[] };
      if (rows.length === 0) return all;
      const openTimes = rows.map(({ openTime }) => openTime);
      await ensureMonths(timeframe, openTimes);
      for (const write of candleWrites(rows, ROWS_A_CALL)) {
        const args = columns(timeframe, write.rows);
        const answer = rowOf(await database.call("hub_candles_upsert", args));
        const place = (i: unknown): number => write.places[numberOf(i)] ?? Number.NaN;
        all.added.push(...listOf(answer["added"], place));
        all.revised.push(...listOf(answer["revised"], place));
      }
      return all;
    },

    async last(series, limit, untilMs) {
      const args = {
        p_tf: timeframeMinutes(series.timeframe),
        p_series: series.id,
        p_limit: limit,
        p_until: untilMs,
      };
      return candlesOf(await database.call("hub_candles_last", args));
    },

    async range(series, fromMs, toMs, limit) {
      const args = { ...seriesArgs(series), p_from: fromMs, p_to: toMs, p_limit: limit };
      return candlesOf(await database.call("hub_candles_range", args));
    },

    ensurePartitions(timeframe, fromMs, toMs) {
      return ensureMonths(timeframe, monthsBetween(fromMs, toMs));
    },

    async count() {
      return numberOf(await database.call("hub_candles_count", {}));
    },

    async verify(series) {
      const args = seriesArgs(series);
      return reportOf(
        rowOf(await database.call("hub_candles_verify", args, { timeoutMs: LONG_CALL_MS })),
      );
    },
  };
}

function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

/** An instant in each month of a span, both ends included. */
function monthsBetween(fromMs: number, toMs: number): number[] {
  const from = new Date(fromMs);
  const months = [fromMs];
  for (;;) {
    const next = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months.length);
    if (next > toMs) return months;
    months.push(next);
  }
}

/** Rows as columns: half the bytes of a list of objects, and an array each for the function. */
function columns(timeframe: Timeframe, rows: readonly CandleRow[]): Row {
  return {
    p_tf: timeframeMinutes(timeframe),
    s: rows.map((row) => row.seriesId),
    t: rows.map((row) => row.openTime),
    o: rows.map((row) => row.open),
    h: rows.map((row) => row.high),
    l: rows.map((row) => row.low),
    c: rows.map((row) => row.close),
    v: rows.map((row) => row.volume),
    source: rows.map((row) => row.source),
    attempt: rows.map((row) => row.attempt),
    fetched: rows.map((row) => row.fetchedAt),
  };
}

function candlesOf(value: unknown): readonly Candle[] {
  const row = rowOf(value);
  if (row["t"] === null) return [];
  const [t = [], o = [], h = [], l = [], c = [], v = []] = ["t", "o", "h", "l", "c", "v"].map(
    (key) => listOf(row[key], (figure) => numberOf(figure)),
  );
  return t.map((openTime, i) => ({
    openTime,
    open: o[i] ?? Number.NaN,
    high: h[i] ?? Number.NaN,
    low: l[i] ?? Number.NaN,
    close: c[i] ?? Number.NaN,
    volume: v[i] ?? Number.NaN,
  }));
}

function reportOf(row: Row): ChainReport {
  const broken = row["broken"] === null ? null : rowOf(row["broken"]);
  return {
    rows: numberIn(row, "rows"),
    unlinked: numberIn(row, "unlinked"),
    headFits: flagOf(row["headFits"]),
    broken:
      broken === null
        ? null
        : { seq: numberIn(broken, "seq"), openTime: numberIn(broken, "openTime") },
  };
}
