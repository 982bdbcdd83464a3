import type { Candle } from "../../market/candle.ts";
import type { Series } from "../../market/series.ts";
import type { GapReport, History } from "./protocol.ts";

/** Where the candles of gaps open, UTC ms. */
interface Noted {
  readonly open: readonly number[];
  /** Of those that the exchange is taken not to have. */
  readonly empty: readonly number[];
}

interface Parted extends Pick<History, "missing" | "empty"> {
  /** What is to be told of the others. */
  readonly filled: readonly GapReport[];
}

/**
 * Parts gaps by whether their candle is stored by now. A candle that has come is stored a moment
 * before its gap is marked healed, and whoever was to tell of it may have died between: such gaps are
 * told here. Told twice it changes nothing.
 */
export function partGaps(
  { series, seriesId }: { readonly series: Series; readonly seriesId: number },
  candles: readonly Candle[],
  { open, empty }: Noted,
): Parted {
  const stored = new Set(candles.map((candle) => candle.openTime));
  const lacks = (openTime: number): boolean => !stored.has(openTime);
  const told = {
    state: "healed" as const,
    reason: "found among the stored candles",
    attempts: 0,
  };
  return {
    missing: open.filter(lacks),
    empty: empty.filter(lacks),
    filled: [...open, ...empty]
      .filter((openTime) => stored.has(openTime))
      .map((openTime) => ({ series, seriesId, openTime, ...told })),
  };
}
