import type { Candle } from "../../market/candle.ts";
import { timeframeMinutes } from "../../market/timeframe.ts";
import type { LedgerRow, LedgerSeries, LedgerStore } from "../ledger-port.ts";
import type { Database } from "../port.ts";
import {
  flagOf,
  listOf,
  numberIn,
  numberOf,
  type Row,
  rowOf,
  seriesOf,
  textIn,
  textOf,
} from "./parse.ts";

/** A page of rows takes tens of ms; on a busy machine much longer. */
const PAGE_TIMEOUT_MS = 30_000;

export function ledgerStore(database: Database): LedgerStore {
  return {
    async series() {
      return listOf(await database.call("hub_ledger_series", {}), ledgerSeriesOf);
    },

    async rows(series, limit, after) {
      const args = {
        p_series: series.id,
        p_tf: timeframeMinutes(series.timeframe),
        p_limit: limit,
        p_after: after?.openTime,
        p_after_revision: after?.revision,
      };
      const options = { timeoutMs: PAGE_TIMEOUT_MS };
      return rowsOf(rowOf(await database.call("hub_ledger_rows", args, options)));
    },
  };
}

function ledgerSeriesOf(value: unknown): LedgerSeries {
  const row = rowOf(value);
  return {
    ...seriesOf(row),
    id: numberIn(row, "id"),
    candles: numberIn(row, "candles"),
    head: { seq: numberIn(row, "seq"), hash: textIn(row, "head") },
    anchors: listOf(row["anchors"], (anchor) => {
      const { seq, hash } = rowOf(anchor);
      return { seq: numberOf(seq), hash: textOf(hash) };
    }),
  };
}

const SOURCES: readonly LedgerRow["source"][] = ["poll", "retry", "bootstrap", "backfill"];
const FIGURES = ["t", "o", "h", "l", "c", "v", "fetched", "attempt", "revision", "seq"] as const;

function rowsOf(columns: Row): readonly LedgerRow[] {
  if (columns["t"] === null) return [];
  const figures = Object.fromEntries(
    FIGURES.map((name) => [name, listOf(columns[name], (figure) => numberOf(figure, name))]),
  ) as Record<(typeof FIGURES)[number], readonly number[]>;
  const hashes = listOf(columns["hash"], (hash) => textOf(hash));
  const newest = listOf(columns["newest"], flagOf);
  const sources = listOf(columns["source"], (source) => textOf(source));
  const at = (name: (typeof FIGURES)[number], i: number): number => figures[name][i] ?? Number.NaN;
  return hashes.map((hash, i): LedgerRow => {
    const candle: Candle = {
      openTime: at("t", i),
      open: at("o", i),
      high: at("h", i),
      low: at("l", i),
      close: at("c", i),
      volume: at("v", i),
    };
    return {
      ...candle,
      fetchedAt: at("fetched", i),
      source: SOURCES.find((one) => one === sources[i]) ?? "poll",
      attempt: at("attempt", i),
      revision: at("revision", i),
      seq: at("seq", i),
      hash,
      isNewest: newest[i] ?? false,
    };
  });
}
