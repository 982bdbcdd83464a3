import type { Candle } from "../../market/candle.ts";
import { type Timeframe, timeframeMs } from "../../market/timeframe.ts";
import type { LedgerSeries, LedgerStore } from "../ledger-port.ts";
import type { CandleStore } from "../port.ts";
import { candleFault } from "./candle-faults.ts";
import { ChainWalk } from "./chain-walk.ts";
import type { Finding } from "./finding.ts";
import { sumFault } from "./sum.ts";

/** Some 300 kB of JSON: far below every limit of a road, and worth its round trip. */
const ROWS_A_PAGE = 2_000;

const END_OF_TIME_MS = Date.UTC(9_999, 0);

export interface SeriesReport {
  /** Rows read, older forms of revised candles included. */
  readonly rows: number;
  /** The timeframe whose candles were added up and compared; null when none is stored. */
  readonly comparedWith: Timeframe | null;
  /** In the order of candles; empty when all is well. */
  readonly findings: readonly Finding[];
}

/** Reads a series from its first row to its last and proves it anew. */
export async function verifySeries(
  stores: { readonly ledger: LedgerStore; readonly candles: CandleStore },
  series: LedgerSeries,
  all: readonly LedgerSeries[],
  onRows: (rows: number) => void = () => {},
): Promise<SeriesReport> {
  const walk = new ChainWalk(series);
  const shapes: Finding[] = [];
  let after: { openTime: number; revision: number } | undefined;
  for (;;) {
    const rows = await stores.ledger.rows(series, ROWS_A_PAGE, after);
    for (const row of rows) {
      walk.take(row);
      const fault = candleFault(series.timeframe, row);
      if (fault !== undefined) {
        shapes.push({ openTime: row.openTime, revision: row.revision, fault });
      }
    }
    onRows(rows.length);
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_A_PAGE) break;
    after = { openTime: Math.floor(last.openTime), revision: last.revision };
  }
  const finer = finerSeries(series, all);
  const sums = finer === undefined ? [] : await compareSums(stores.candles, series, finer);
  const findings = [...walk.finish(), ...shapes, ...sums].toSorted(
    (a, b) => (a.openTime ?? Number.POSITIVE_INFINITY) - (b.openTime ?? Number.POSITIVE_INFINITY),
  );
  return { rows: walk.rows, comparedWith: finer?.timeframe ?? null, findings };
}

/** The longest stored timeframe of the pair that divides this one. */
function finerSeries(series: LedgerSeries, all: readonly LedgerSeries[]): LedgerSeries | undefined {
  const length = timeframeMs(series.timeframe);
  return all
    .filter(
      ({ exchange, pair, timeframe, candles }) =>
        exchange === series.exchange &&
        pair === series.pair &&
        candles > 0 &&
        timeframeMs(timeframe) < length &&
        length % timeframeMs(timeframe) === 0,
    )
    .toSorted((a, b) => timeframeMs(b.timeframe) - timeframeMs(a.timeframe))[0];
}

async function compareSums(
  candles: CandleStore,
  series: LedgerSeries,
  finer: LedgerSeries,
): Promise<Finding[]> {
  const length = timeframeMs(series.timeframe);
  const partsEach = length / timeframeMs(finer.timeframe);
  const wholesAPage = Math.max(1, Math.floor(ROWS_A_PAGE / partsEach));
  const findings: Finding[] = [];
  let from = 0;
  for (;;) {
    const wholes = await candles.range(series, from, END_OF_TIME_MS, wholesAPage);
    const [first, last] = [wholes[0], wholes.at(-1)];
    if (first === undefined || last === undefined) return findings;
    from = last.openTime + 1;
    // A hole in the longer series may leave more parts between than fit into one answer.
    const parts = new Map<number, Candle[]>();
    for (let start = first.openTime; start <= last.openTime; ) {
      const page = await candles.range(finer, start, last.openTime + length, ROWS_A_PAGE);
      for (const part of page) {
        const at = first.openTime + Math.floor((part.openTime - first.openTime) / length) * length;
        const beside = parts.get(at);
        if (beside === undefined) parts.set(at, [part]);
        else beside.push(part);
      }
      const newest = page.at(-1);
      if (newest === undefined || page.length < ROWS_A_PAGE) break;
      start = newest.openTime + 1;
    }
    for (const whole of wholes) {
      const own = parts.get(whole.openTime) ?? [];
      const fault = sumFault(series.timeframe, whole, finer.timeframe, own);
      if (fault !== undefined) findings.push({ openTime: whole.openTime, revision: 0, fault });
    }
  }
}
