import { chmodSync, existsSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "../src/store/open.ts";
import type { CandleRow, KnownSeries, Store } from "../src/store/port.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5);
const SERIES = 1_000;
const BATCH = 500;

/** Measures the embedded store as it runs in production: disk sync, provenance and hash chain on. */
export async function run(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "hub-bench-"));
  chmodSync(dataDir, 0o755); // as root the server runs as another user
  const startedAt = performance.now();
  const opened = await openStore({ dataDir, migrationsDir: migrationsDir(), log: () => {} });
  try {
    print("first start, schema included", [performance.now() - startedAt]);
    const series = await follow(opened.store);
    const loads = await history(opened.store, series.slice(0, 60), "bootstrap");
    const total = loads.reduce((sum, ms) => sum + ms, 0);
    const perSecond = Math.round((loads.length * BATCH * 1_000) / total);
    print(`${BATCH} new candles of a series (${perSecond} rows/s)`, loads);
    print(`close of ${SERIES} series, a candle each`, await ticks(opened.store, series));
    const again = await history(opened.store, series.slice(0, 60), "poll");
    print(`${BATCH} candles again, unchanged`, again);
    print(`newest ${BATCH} candles of a series`, await reads(opened.store, series));
  } finally {
    await opened.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The folder lies beside this file's folder, or one further up when it runs compiled. */
function migrationsDir(): string {
  const places = ["../supabase/migrations", "../../supabase/migrations"];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return paths.find(existsSync) ?? "supabase/migrations";
}

async function follow(store: Store): Promise<readonly KnownSeries[]> {
  const series = Array.from({ length: SERIES }, (_, i) => ({
    exchange: "binance",
    pair: `A${i}/USDT`,
    timeframe: "1m" as const,
  }));
  await store.watch.savePortfolio({ name: "bench", series }, "bench", START);
  await store.candles.ensurePartitions(START, START + 40 * 86_400_000);
  return store.watch.active();
}

/** Batches of 500 rows of one series, as a first load writes them. */
async function history(
  store: Store,
  series: readonly KnownSeries[],
  source: CandleRow["source"],
): Promise<number[]> {
  const times: number[] = [];
  for (const { id } of series) {
    const rows = Array.from({ length: BATCH }, (_, i) => row(id, i, source));
    times.push(await timed(() => store.candles.upsert("1m", rows)));
  }
  return times;
}

/** One new candle of each of 1,000 series, as a close writes them. */
async function ticks(store: Store, series: readonly KnownSeries[]): Promise<number[]> {
  const times: number[] = [];
  for (let tick = 0; tick < 300; tick += 1) {
    const rows = series.map(({ id }) => row(id, BATCH + tick, "poll"));
    times.push(await timed(() => store.candles.upsert("1m", rows)));
  }
  return times.slice(20);
}

async function reads(store: Store, series: readonly KnownSeries[]): Promise<number[]> {
  const times: number[] = [];
  for (const one of series.slice(0, 200)) {
    times.push(await timed(() => store.candles.last(one, BATCH)));
  }
  return times.slice(20);
}

function row(seriesId: number, place: number, source: CandleRow["source"]): CandleRow {
  const open = 100 + ((seriesId * 31 + place * 17) % 1_000) / 100;
  const close = open + ((place % 7) - 3) / 100;
  return {
    seriesId,
    openTime: START + place * MINUTE,
    open,
    high: Math.max(open, close) + 0.25,
    low: Math.min(open, close) - 0.25,
    close,
    volume: (place * 13) % 997,
    source,
    attempt: 1,
    fetchedAt: START + place * MINUTE + 65_000,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function print(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => {
    const place = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
    return `${(sorted[place] ?? 0).toFixed(1)} ms`;
  };
  const spread = times.length > 1 ? `p50 ${at(0.5)}  p99 ${at(0.99)}  best ${at(0)}` : at(0);
  console.log(`${what.padEnd(52)} ${spread}`);
}
