import type { GapReport } from "../architect/protocol.ts";
import type { Followed } from "./followed.ts";
import type { LeftOpen } from "./read-answer.ts";

/** What is told of candles that an answer lacks: the venue has none, or may still have them. */
export function lackingReports(
  { series, seriesId }: Followed,
  attempts: number,
  absent: readonly number[],
  open: readonly LeftOpen[],
): GapReport[] {
  const reason = "the exchange has no such candle";
  const about = { series, seriesId, attempts };
  return [
    ...absent.map((openTime) => ({ ...about, openTime, state: "empty" as const, reason })),
    ...open.map((one) => ({ ...about, ...one, state: "missing" as const })),
  ];
}

/** What is told of candles that have come after all. */
export function healedReports(
  { series, seriesId }: Followed,
  attempts: number,
  openTimes: readonly number[],
): GapReport[] {
  const reason = "arrived with a later answer";
  const about = { series, seriesId, attempts, state: "healed" as const, reason };
  return openTimes.map((openTime) => ({ ...about, openTime }));
}
