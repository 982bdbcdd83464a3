import { machineClock } from "../../src/runtime/clock.ts";
import type { Topic } from "../../src/runtime/protocol.ts";
import type { ActorSystem, ActorSystemOptions, ForkedSpec } from "../../src/runtime/spec.ts";
import { setUp } from "./support.ts";

export const heartbeat = { everyMs: 50, timeoutMs: 1_500 };
export const tolerant = { maxRestarts: 10, withinMs: 60_000 };
const backoff = { minMs: 10, maxMs: 100, factor: 2, jitterFraction: 0 };

/** What the actor of `worker.mjs` can be told. */
interface WorkerProtocol {
  readonly add: Topic<number, number>;
  readonly echo: Topic<unknown, unknown>;
  readonly fail: Topic<string>;
  readonly env: Topic<null, Record<string, string>>;
  readonly spin: Topic<null>;
  readonly hoardObjects: Topic<null>;
  readonly hoardBuffers: Topic<null>;
  readonly floatAway: Topic<string>;
  readonly deposit: Topic<{ to: string; amount: number }, number>;
  readonly askNobody: Topic<null, { name: string; code: string }>;
  readonly limits: Topic<null, string[]>;
  readonly inspector: Topic<null, string | null>;
}

export const fixture = (name: string): URL =>
  new URL(`../fixtures/runtime/${name}`, import.meta.url);

const forkedSpec = {
  id: "worker",
  mode: "forked",
  topics: {
    add: true,
    echo: true,
    fail: true,
    env: true,
    spin: true,
    hoardObjects: true,
    hoardBuffers: true,
    floatAway: true,
    deposit: true,
    askNobody: true,
    limits: true,
    inspector: true,
  },
  module: fixture("worker.mjs"),
} as const satisfies ForkedSpec<WorkerProtocol>;

const systems: ActorSystem[] = [];

/** A system with one actor in a process of its own. */
export async function forked(
  spec: Partial<ForkedSpec<WorkerProtocol>> = {},
  options: Partial<ActorSystemOptions> = {},
) {
  const world = await setUp({ backoff }, { clock: machineClock, ...options });
  systems.push(world.system);
  const ref = await world.system.root.spawn<WorkerProtocol>({ ...forkedSpec, ...spec });
  const node = () => world.system.tree().children.find(({ mode }) => mode === "forked");
  return { ...world, ref, node };
}

/** Ends what was started since the last time. */
export async function stopForks(): Promise<void> {
  await Promise.all(systems.splice(0).map((system) => system.stop("test over", 10_000)));
}

/** A busy machine may take seconds to start a process. */
export const patient = { timeoutMs: 30_000 };
