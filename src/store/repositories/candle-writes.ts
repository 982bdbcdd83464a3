import type { CandleRow } from "../port.ts";

/** The rows of one call, and the place of each among all that were handed in. */
export interface CandleWrite {
  readonly rows: readonly CandleRow[];
  readonly places: readonly number[];
}

/**
 * Cuts rows into calls of at most `most` of them. The last row of a candle goes and the ones before
 * it stay out, as within one call: or the cut would turn them into a revision.
 */
export function candleWrites(rows: readonly CandleRow[], most: number): readonly CandleWrite[] {
  if (rows.length <= most) return [{ rows, places: [...rows.keys()] }];
  const lastOf = new Map(rows.map((row, i) => [`${row.seriesId}@${row.openTime}`, i]));
  const kept = rows.flatMap((row, i) =>
    lastOf.get(`${row.seriesId}@${row.openTime}`) === i ? [{ row, i }] : [],
  );
  const writes: CandleWrite[] = [];
  for (let from = 0; from < kept.length; from += most) {
    const part = kept.slice(from, from + most);
    writes.push({ rows: part.map(({ row }) => row), places: part.map(({ i }) => i) });
  }
  return writes;
}
