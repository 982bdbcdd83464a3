import { CopyBaseline } from "./copy-baseline.ts";
import type { Road, Roads } from "./roads.ts";
import { BATCH, batch, follow } from "./rows.ts";
import { median, printTimes, type Sheet, timed } from "./sheet.ts";

const ROUNDS = 200;
const WARM_UP = 20;

/** Batches of new rows on each road, and the plain COPY beside them, in turns. */
export async function bulk(roads: Roads, sheet: Sheet): Promise<void> {
  console.log(`\n### ${BATCH} new candles of one series at a time, ${ROUNDS} times\n`);
  const { embedded, postgres, rest } = roads;
  const baseline = postgres && (await CopyBaseline.open(postgres.url));
  const writers = [await writer(embedded), ...(postgres ? [await writer(postgres)] : [])];
  if (rest !== undefined) writers.push(await writer(rest));
  if (baseline !== undefined) {
    writers.push({
      name: "COPY, INSERT ... SELECT",
      times: [],
      write: (i) => baseline.write(batch(i)),
    });
  }
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    // Each goes first as often as the others: a slow moment hits all alike.
    for (let i = 0; i < writers.length; i += 1) {
      const one = writers[(round + i) % writers.length];
      const ms = await timed(() => one?.write(round) ?? Promise.resolve());
      if (round >= WARM_UP) one?.times.push(ms);
    }
  }
  await baseline?.close();
  for (const { name, times } of writers) {
    const perSecond = Math.round((BATCH * 1_000) / median(times));
    printTimes(`${name} (${perSecond} rows/s)`, times);
  }
  const speed = (name: string): number =>
    1 / median(writers.find((one) => one.name === name)?.times ?? []);
  if (postgres === undefined) return;
  const ratio = speed(postgres.name) / speed("COPY, INSERT ... SELECT");
  sheet.atLeast("bulk upsert against COPY and INSERT ... SELECT", ratio, 0.5);
  sheet.atLeast("embedded against Debian's", speed(embedded.name) / speed(postgres.name), 0.8);
}

interface Writer {
  readonly name: string;
  readonly times: number[];
  readonly write: (round: number) => Promise<unknown>;
}

async function writer({ name, store }: Road): Promise<Writer> {
  const prefix = name.replaceAll(/[^a-z]/gi, "");
  const series = await follow(store, `bulk${prefix}`, ROUNDS + WARM_UP);
  const write = async (round: number) => store.candles.upsert("1m", batch(series[round]?.id ?? 0));
  return { name, times: [], write };
}
