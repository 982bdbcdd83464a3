import type { Timeframe } from "../../market/timeframe.ts";
import type { CandleRow, CandleStore } from "../../store/port.ts";
import type { CandleBatch, SaveAnswer } from "./protocol.ts";

interface Pick {
  readonly batch: number;
  readonly openTime: number;
}

/** Larger writes gain nothing and hold the connection longer. */
const MOST_ROWS = 2_000;

/** Writes many batches with few statements, and answers each batch for itself. */
export async function saveBatches(
  candles: CandleStore,
  batches: readonly CandleBatch[],
): Promise<readonly SaveAnswer[]> {
  const answers = batches.map(() => ({ added: [] as number[], revised: [] as number[] }));
  // One after another: two writes may hold the same series, whose rows form one chain.
  for (const [timeframe, picks, rows] of chunks(batches)) {
    const { added, revised } = await candles.upsert(timeframe, rows);
    for (const i of added) note(picks[i], "added");
    for (const i of revised) note(picks[i], "revised");
  }
  return answers;

  function note(pick: Pick | undefined, list: "added" | "revised"): void {
    if (pick !== undefined) answers[pick.batch]?.[list].push(pick.openTime);
  }
}

/** All rows by timeframe, in writes of bearable size. */
function chunks(batches: readonly CandleBatch[]): [Timeframe, Pick[], CandleRow[]][] {
  const done: [Timeframe, Pick[], CandleRow[]][] = [];
  const open = new Map<Timeframe, [Timeframe, Pick[], CandleRow[]]>();
  batches.forEach((batch, index) => {
    const { timeframe } = batch.series;
    let chunk = open.get(timeframe);
    if (chunk === undefined || chunk[2].length + batch.candles.length > MOST_ROWS) {
      chunk = [timeframe, [], []];
      open.set(timeframe, chunk);
      done.push(chunk);
    }
    const { seriesId, source, attempt, fetchedAt } = batch;
    for (const candle of batch.candles) {
      chunk[1].push({ batch: index, openTime: candle.openTime });
      chunk[2].push({ ...candle, seriesId, source, attempt, fetchedAt });
    }
  });
  return done;
}
