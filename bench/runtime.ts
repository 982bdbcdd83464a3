import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createSystem } from "comedy";
import { machineClock } from "../src/runtime/clock.ts";
import type { Ref, Topic } from "../src/runtime/protocol.ts";
import type { ActorSystem, SupervisorSpec } from "../src/runtime/spec.ts";
import { createActorSystem } from "../src/runtime/system.ts";

const ROUNDS = 7;
const TELLS = 100_000;
const ASKS = 50_000;
/** Messages sent before the sender waits: what a busy second of candles brings one actor. */
const BURST = 1_000;

interface SinkProtocol {
  readonly take: Topic<object, number>;
}

const candle = { open: 1, high: 2, low: 0.5, close: 1.5, volume: 10, openTime: 0, closeTime: 1 };

const spec: SupervisorSpec = {
  strategy: "one_for_one",
  intensity: { maxRestarts: 3, withinMs: 5_000 },
  backoff: { minMs: 100, maxMs: 1_000, factor: 2, jitterFraction: 0.2 },
  beyond: "park",
};

class Sink {
  #taken = 0;

  take(): number {
    return ++this.#taken;
  }
}

const sinkSpec = (id: string) =>
  ({ id, topics: { take: true }, create: () => new Sink() }) as const;

/** One of the two ways to send, measured alike. */
interface Road {
  tell(): unknown;
  ask(): PromiseLike<unknown>;
}

/** Prints what a message costs through the kit and through comedy alone, and what actors cost. */
export async function run(): Promise<void> {
  const system = await openSystem();
  const plain = createSystem({ test: true, config: {} });
  try {
    const ref: Ref<SinkProtocol> = await system.root.spawn(sinkSpec("sink"));
    const rootActor = await plain.rootActor();
    const actor = await rootActor.createChild({ take: () => 1 }, { mode: "in-memory" });
    const kit: Road = { tell: () => ref.tell("take", candle), ask: () => ref.ask("take", candle) };
    const comedy: Road = {
      tell: () => actor.send("take", candle),
      ask: () => actor.sendAndReceive("take", candle),
    };
    await compare("tell", kit, comedy, tellsPerSecond);
    await compare("ask, pipelined", kit, comedy, pipelinedAsksPerSecond);
    await compare("ask, one by one", kit, comedy, asksPerSecond);
  } finally {
    await plain.destroy();
    await system.stop("measured", 5_000);
  }
  for (const count of [1_000, 5_000]) await actorCost(count);
}

function openSystem(): Promise<ActorSystem> {
  return createActorSystem({
    clock: machineClock,
    random: () => 0.5,
    root: spec,
    onEscalation: (reason) => console.error(reason),
  });
}

/** Rounds of both take turns, so that a busy moment of the machine hits both. */
async function compare(
  what: string,
  kit: Road,
  comedy: Road,
  measure: (road: Road) => Promise<number>,
): Promise<void> {
  const rates: { kit: number[]; comedy: number[] } = { kit: [], comedy: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const ofKit = await measure(kit);
    const ofComedy = await measure(comedy);
    // The first round warms up.
    if (round === 0) continue;
    rates.kit.push(ofKit);
    rates.comedy.push(ofComedy);
  }
  const [k, c] = [summary(rates.kit), summary(rates.comedy)];
  console.log(
    `${what}/s: kit ${k.text}, plain comedy ${c.text}, ratio of medians ${(k.median / c.median).toFixed(2)}`,
  );
}

async function tellsPerSecond(road: Road): Promise<number> {
  return perSecond(TELLS, async () => {
    for (let sent = 0; sent < TELLS; sent++) {
      road.tell();
      // An ask behind the burst answers when all of it is handled.
      if (sent % BURST === BURST - 1) await road.ask();
    }
  });
}

async function pipelinedAsksPerSecond(road: Road): Promise<number> {
  return perSecond(ASKS, async () => {
    for (let sent = 0; sent < ASKS; sent += BURST) {
      await Promise.all(Array.from({ length: BURST }, () => road.ask()));
    }
  });
}

async function asksPerSecond(road: Road): Promise<number> {
  return perSecond(ASKS, async () => {
    for (let sent = 0; sent < ASKS; sent++) await road.ask();
  });
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedMs = machineClock.monotonicMs();
  await work();
  return (count / (machineClock.monotonicMs() - startedMs)) * 1_000;
}

function summary(rates: readonly number[]): { median: number; text: string } {
  const sorted = rates.toSorted((a, b) => a - b);
  const min = sorted[0] ?? 0;
  const median = sorted[sorted.length >> 1] ?? 0;
  const show = (rate: number): string => Math.round(rate).toLocaleString("en");
  return { median, text: `${show(median)} (min ${show(min)})` };
}

async function actorCost(count: number): Promise<void> {
  const system = await openSystem();
  const before = usedMb();
  const startedMs = machineClock.monotonicMs();
  await Promise.all(Array.from({ length: count }, (_, at) => system.root.spawn(sinkSpec(`${at}`))));
  const madeMs = machineClock.monotonicMs();
  const usedMbNow = usedMb() - before;
  const stopMs = machineClock.monotonicMs();
  await system.stop("measured", 60_000);
  const stoppedMs = machineClock.monotonicMs();
  console.log(
    `${count} supervised actors: ${Math.round(madeMs - startedMs)} ms to start, ` +
      `${usedMbNow.toFixed(1)} MB, ${Math.round(stoppedMs - stopMs)} ms to stop`,
  );
}

/** Heap in use after a collection, MB. */
function usedMb(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed / 1_000_000;
}
