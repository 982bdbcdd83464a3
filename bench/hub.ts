import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Hub } from "../src/system.ts";
import { armed, type ManySeries, MINUTE_MS, manySeries, SPEED, sleep } from "./many-series.ts";

/** Closes that are measured, after two that warm everything up. */
const CLOSES = 5;
const WARM_UP_CLOSES = 2;

/** Close to verdict, candles a second, memory: the whole hub on a sandbox with many pairs. */
export async function run(): Promise<void> {
  console.log(
    "| series | arming s | candles loaded/s | verdicts | close to verdict p50 ms | p99 ms | all verdicts of a close within ms | longest loop block ms | RSS MB |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const series of [100, 1_000]) await measure(series);
  console.log(
    "\nclose to verdict: from the exchange's answer in hand to the verdict stored, time spent waiting for quotes and books taken off;",
  );
  console.log(
    "the sandbox exchange answers from the same process, so that its own work is part of every figure.",
  );
}

async function measure(count: number): Promise<void> {
  const many = await manySeries(count);
  try {
    await report(many, count);
  } finally {
    await many.remove();
  }
}

async function report(many: ManySeries, count: number): Promise<void> {
  const { hub } = many;
  const startedAt = performance.now();
  const { loadedMs, candles } = await loaded(hub, count, startedAt);
  while ((await armed(many)) < count) await sleep(100);
  const armedMs = performance.now() - startedAt;
  await sleep((WARM_UP_CLOSES * MINUTE_MS) / SPEED);
  const latencies: number[] = [];
  const closes = new Map<number, { first: number; last: number }>();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  let current = 0;
  const unsubscribe = hub.events.subscribe(({ event }) => {
    if (event.kind === "candle-saved" && event.closeTime > current) {
      current = event.closeTime;
      closes.set(current, { first: performance.now(), last: performance.now() });
    }
    if (event.kind !== "verdict-given") return;
    latencies.push(event.latencyMs);
    const close = closes.get(current);
    if (close !== undefined) close.last = performance.now();
  });
  delay.enable();
  await sleep((CLOSES * MINUTE_MS) / SPEED);
  delay.disable();
  unsubscribe();
  const spans = [...closes.values()].map(({ first, last }) => last - first);
  const row = [
    count,
    (armedMs / 1_000).toFixed(1),
    Math.round((candles / loadedMs) * 1_000),
    latencies.length,
    Math.round(quantile(latencies, 0.5)),
    Math.round(quantile(latencies, 0.99)),
    Math.round(Math.max(0, ...spans)),
    Math.round(delay.max / 1e6 - 10),
    Math.round(process.memoryUsage().rss / 2 ** 20),
  ];
  console.log(`| ${row.join(" | ")} |`);
}

/** Waits until every series has its history. */
async function loaded(
  hub: Hub,
  count: number,
  startedAt: number,
): Promise<{ loadedMs: number; candles: number }> {
  let candles = 0;
  const ready = new Set<string>();
  const note = (event: Parameters<Parameters<Hub["events"]["subscribe"]>[0]>[0]["event"]): void => {
    if (event.kind !== "history-saved") return;
    candles += event.count;
    ready.add(event.series.pair);
  };
  for (const { event } of hub.events.since(0)) note(event);
  const unsubscribe = hub.events.subscribe(({ event }) => note(event));
  while (ready.size < count) await sleep(20);
  unsubscribe();
  const loadedMs = performance.now() - startedAt;
  return { loadedMs, candles };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
