import { descendants, harvesterOf, residentMb } from "../forked-hub.ts";
import type { HubProcess } from "../hub-process.ts";
import { isGrowing, trendOf } from "./trend.ts";

const MB = 2 ** 20;

/** What a process can leak, each as the process itself tells it. */
const GAUGES = {
  "resident memory MB": { name: "process_resident_memory_bytes", per: MB },
  "old heap MB": { name: 'nodejs_heap_space_size_used_bytes{space="old"}', per: MB },
  "memory beside the heap MB": { name: "nodejs_external_memory_bytes", per: MB },
  "open files": { name: "process_open_fds", per: 1 },
  timers: { name: 'nodejs_active_resources{type="Timeout"}', per: 1 },
  sockets: { name: 'nodejs_active_resources{type="TCPSocketWrap"}', per: 1 },
} as const;

type Figure = keyof typeof GAUGES | "processes below it" | "harvester's resident memory MB";

/** One look at a hub's process. */
export type Vitals = Readonly<Record<Figure, number>>;

/** Growth that nobody need mind: a share of the level, and so much besides. */
const MINDED_SHARE = 0.05;
const MINDED: Readonly<Record<Figure, number>> = {
  "resident memory MB": 24,
  "old heap MB": 16,
  "memory beside the heap MB": 8,
  "open files": 8,
  timers: 16,
  sockets: 8,
  "processes below it": 2,
  // One that has just been started in place of a killed one holds tens of megabytes less.
  "harvester's resident memory MB": 64,
};

/** Between two processes there is none to be looked at: never the least of a window. */
const NOT_THERE = Number.POSITIVE_INFINITY;

export async function vitalsOf(hub: HubProcess): Promise<Vitals> {
  const text = await (await fetch(new URL("/metrics", hub.url))).text();
  const lines = text.split("\n");
  const read = ({ name, per }: { name: string; per: number }): number => {
    const line = lines.find((one) => one.startsWith(`${name} `));
    if (line === undefined) throw new Error(`/metrics says nothing of ${name}`);
    return Number(line.slice(name.length + 1)) / per;
  };
  const gauges = Object.entries(GAUGES).map(([what, gauge]) => [what, read(gauge)] as const);
  const { pid } = await harvesterOf(hub);
  const figures = {
    "processes below it": descendants(hub.pid).length,
    "harvester's resident memory MB": (pid === undefined ? pid : residentMb(pid)) ?? NOT_THERE,
  };
  return { ...Object.fromEntries(gauges), ...figures } as Record<Figure, number>;
}

/** Each figure's trend in words, and which of them leak. */
export function leaksOf(samples: readonly Vitals[]): { table: string[]; leaks: string[] } {
  const figures = Object.keys(MINDED) as Figure[];
  const trends = figures.map((figure) => {
    const trend = trendOf(samples.map((sample) => sample[figure]));
    const { level, growth, noise } = trend;
    const words = `${figure}: ${level.toFixed(1)}, ${growth >= 0 ? "+" : ""}${growth.toFixed(1)} over the run, noise ${noise.toFixed(1)}`;
    return { words, leaks: isGrowing(trend, MINDED[figure] + MINDED_SHARE * level) };
  });
  return {
    table: trends.map(({ words }) => words),
    leaks: trends.filter(({ leaks }) => leaks).map(({ words }) => `grows: ${words}`),
  };
}
