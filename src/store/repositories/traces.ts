import type { CandleSource } from "../../market/events.ts";
import type { Database } from "../port.ts";
import type { Story, TraceStore } from "../trace-port.ts";
import { gapFateOf } from "./gaps.ts";
import { fillOf, orderOf } from "./orders.ts";
import { listOf, numberIn, type Row, rowOf, seriesArgs, wordIn } from "./parse.ts";
import { positionOf } from "./positions.ts";
import { queueItemOf } from "./queue.ts";
import { signalRowOf } from "./signals.ts";

const SOURCES: readonly CandleSource[] = ["poll", "retry", "bootstrap", "backfill"];

export function traceStore(database: Database): TraceStore {
  return {
    async story({ series, openTime }) {
      const args = { ...seriesArgs(series), p_open: openTime };
      const row = rowOf(await database.call("hub_trace", args));
      return {
        candle: row["candle"] === null ? null : candleOf(rowOf(row["candle"])),
        gap: row["gap"] === null ? null : gapFateOf(rowOf(row["gap"])),
        signals: listOf(row["signals"], signalRowOf),
        queue: listOf(row["queue"], queueItemOf),
        orders: listOf(row["orders"], orderOf),
        fills: listOf(row["fills"], (fill) => fillOf(rowOf(fill))),
        positions: listOf(row["positions"], positionOf),
      };
    },
  };
}

function candleOf(row: Row): NonNullable<Story["candle"]> {
  return {
    open: numberIn(row, "open"),
    high: numberIn(row, "high"),
    low: numberIn(row, "low"),
    close: numberIn(row, "close"),
    volume: numberIn(row, "volume"),
    source: wordIn(row, "source", SOURCES),
    attempt: numberIn(row, "attempt"),
    revision: numberIn(row, "revision"),
    fetchedAt: numberIn(row, "fetchedAt"),
  };
}
