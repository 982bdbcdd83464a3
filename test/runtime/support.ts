import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Topic } from "../../src/runtime/protocol.ts";
import type {
  ActorSystemOptions,
  KitEvent,
  LocalSpec,
  SupervisorSpec,
} from "../../src/runtime/spec.ts";
import { createActorSystem } from "../../src/runtime/system.ts";
import { ManualClock, nextTurn } from "../kit/manual-clock.ts";

export const supervisorSpec: SupervisorSpec = {
  strategy: "one_for_one",
  intensity: { maxRestarts: 3, withinMs: 60_000 },
  backoff: { minMs: 100, maxMs: 1_000, factor: 2, jitterFraction: 0 },
  beyond: "park",
};

/** A system on a clock moved by hand, with all it reports but handled messages. */
export async function setUp(
  root: Partial<SupervisorSpec> = {},
  options: Partial<ActorSystemOptions> = {},
) {
  const clock = new ManualClock();
  const events: KitEvent[] = [];
  const escalations: string[] = [];
  const system = await createActorSystem({
    clock,
    random: () => 0.5,
    root: { ...supervisorSpec, ...root },
    onEvent: (event) => {
      if (event.kind !== "handled") events.push(event);
    },
    onEscalation: (reason) => escalations.push(reason),
    ...options,
  });
  const kinds = (): string[] => events.map((event) => `${event.kind} ${event.actor}`);
  return { clock, events, kinds, escalations, system };
}

export interface CounterProtocol {
  readonly add: Topic<number, number>;
  readonly read: Topic<null, number>;
  readonly crash: Topic<string>;
}

/** One topic for whatever a test needs. */
export interface AnyProtocol {
  readonly go: Topic<unknown, unknown>;
}

export const counterTopics = { add: true, read: true, crash: true } as const;

/** Keeps a sum, slowly: each step reads, waits and writes, so that steps in parallel would show. */
export class Counter {
  #sum = 0;

  async add(by: number): Promise<number> {
    const before = this.#sum;
    await nextTurn();
    this.#sum = before + by;
    return this.#sum;
  }

  read(): number {
    return this.#sum;
  }

  crash(why: string): void {
    throw new Error(why);
  }
}

export const counterSpec = (id: string): LocalSpec<CounterProtocol> => ({
  id,
  topics: counterTopics,
  create: () => new Counter(),
});

/** A world of three counters that write down when they start and stop. */
export async function threeBelow(root: Partial<SupervisorSpec>) {
  const world = await setUp(root);
  const log: string[] = [];
  const refs = [];
  for (const id of ["a", "b", "c"]) refs.push(await world.system.root.spawn(logged(id, log)));
  const [a, b, c] = refs;
  if (a === undefined || b === undefined || c === undefined) throw new Error("three were spawned");
  log.length = 0;
  return { ...world, log, a, b, c };
}

/** A counter that writes down when it starts and stops. */
export function logged(id: string, log: string[]): LocalSpec<CounterProtocol> {
  return {
    ...counterSpec(id),
    create: () =>
      Object.assign(new Counter(), {
        start: () => void log.push(`start ${id}`),
        stop: () => void log.push(`stop ${id}`),
      }),
  };
}

/** Looks again and again until a thing is so. @throws Error when it is not so within the limit. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

const root = new URL("../../", import.meta.url);

/** Compiles the sources when a child process would load older ones: it cannot run TypeScript. */
export function compileSources(): void {
  const folder = new URL("src/", root);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const changed = Math.max(...sources.map((path) => statSync(new URL(path, folder)).mtimeMs));
  const compiled = statSync(new URL("dist/runtime/comedy/host.js", root), {
    throwIfNoEntry: false,
  });
  if (compiled !== undefined && compiled.mtimeMs > changed) return;
  const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
  // A type error elsewhere does not keep the compiler from writing: types are another check's task.
  spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root });
}
