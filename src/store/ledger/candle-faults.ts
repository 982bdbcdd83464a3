import { closeTimeOf, isOpenTime, type Timeframe } from "../../market/timeframe.ts";
import type { LedgerRow } from "../ledger-port.ts";
import type { Fault } from "./finding.ts";

/** The venue's clock says when a candle is closed; ours may be this far behind it. */
const CLOCK_ALLOWANCE_MS = 30_000;

/** What is wrong with a candle by itself; undefined when nothing is. */
export function candleFault(timeframe: Timeframe, row: LedgerRow): Fault | undefined {
  const { openTime, open, high, low, close, volume, fetchedAt } = row;
  if (!isOpenTime(timeframe, openTime)) return { kind: "misaligned" };
  const isFinite = [open, high, low, close, volume].every(Number.isFinite);
  const isOrdered = high >= Math.max(open, close) && low <= Math.min(open, close);
  if (!isFinite || !isOrdered || low <= 0 || volume < 0) return { kind: "impossible" };
  if (fetchedAt + CLOCK_ALLOWANCE_MS < closeTimeOf(timeframe, openTime)) {
    return { kind: "not-closed", fetchedAt };
  }
  return undefined;
}
