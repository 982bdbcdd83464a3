import { describe, expect, test } from "vitest";
import type { Supervisor } from "../../src/runtime/spec.ts";
import { settle } from "../kit/manual-clock.ts";
import {
  Counter,
  type CounterProtocol,
  counterSpec,
  counterTopics,
  logged,
  setUp,
  supervisorSpec,
  threeBelow,
} from "./support.ts";

const once = { maxRestarts: 0, withinMs: 1_000 };

describe("an escalation", () => {
  test("ends the owner's whole subtree before the owner starts anew", async () => {
    const log: string[] = [];
    const { system, clock } = await setUp();
    await system.root.spawn<CounterProtocol>({
      id: "owner",
      topics: counterTopics,
      create: (context) =>
        Object.assign(new Counter(), {
          start: async () => {
            log.push("start owner");
            const spec = { ...supervisorSpec, beyond: "escalate" as const };
            const below = context.supervise("below", { ...spec, intensity: once });
            for (const id of ["a", "b"]) await below.spawn(logged(id, log));
          },
          stop: () => void log.push("stop owner"),
        }),
    });
    const first = [...log];
    system.find<CounterProtocol>("owner/below/a")?.tell("crash", "planned");
    await clock.advance(100);

    expect(first).toEqual(["start owner", "start a", "start b"]);
    expect(log.slice(3)).toEqual(["stop a", "stop b", "stop owner", ...first]);
  });

  test("at the root is told once", async () => {
    const { system, escalations, clock, b } = await threeBelow({ beyond: "escalate" });
    for (let crash = 0; crash < 6; crash++) {
      b.tell("crash", "planned");
      await clock.advance(1_000);
    }
    system.find<CounterProtocol>("a")?.tell("crash", "later");
    await clock.advance(1_000);

    expect(escalations).toEqual(["b failed too often: 3 restarts within 60000 ms: planned"]);
  });
});

describe("a stop", () => {
  test("goes in reverse order of the start", async () => {
    const { log, system } = await threeBelow({});
    await system.stop("the end", 1_000);

    expect(log).toEqual(["stop c", "stop b", "stop a"]);
    expect(system.tree().children).toEqual([]);
  });

  test("waits for the handler that runs, and hands over nothing more", async () => {
    const { system, events } = await setUp();
    const counter = await system.root.spawn(counterSpec("counter"));
    const answer = counter.ask("add", 1);
    counter.tell("add", 1);
    await Promise.resolve();
    await system.stop("the end", 1_000);

    expect(await answer).toBe(1);
    expect(events.map(({ kind }) => kind)).toEqual(["started", "dead-letter", "stopped"]);
  });

  test("cuts off handlers and stops that never end", async () => {
    const { system, clock } = await setUp();
    const never = () => new Promise<never>(() => {});
    const create = () => Object.assign(new Counter(), { add: never, stop: never });
    const spec = { ...counterSpec("stuck"), stopTimeoutMs: 500, create };
    const ref = await system.root.spawn<CounterProtocol>(spec);
    const answer = ref.ask("add", 1).catch((error: unknown) => error);
    await settle();
    const stopped = system.stop("the end", 60_000);
    await clock.advance(1_000);
    await stopped;

    expect(await answer).toMatchObject({ code: "actor-stopped" });
    expect(clock.pending).toBe(0);
  });

  test("ends within its limit, whatever hangs", async () => {
    const { system, clock } = await setUp();
    const create = () => Object.assign(new Counter(), { stop: () => new Promise<void>(() => {}) });
    await system.root.spawn<CounterProtocol>({ ...counterSpec("stuck"), create });
    let isStopped = false;
    void system.stop("the end", 200).then(() => {
      isStopped = true;
    });
    await clock.advance(200);
    await settle();

    expect(isStopped).toBe(true);
  });

  test("ends a wait for a restart", async () => {
    const { system, clock, b } = await threeBelow({});
    b.tell("crash", "planned");
    await settle();
    await system.stop("the end", 1_000);

    expect(clock.pending).toBe(0);
  });

  test("leaves no listener behind, however many crashes there were", async () => {
    const before = (["exit", "SIGINT", "SIGTERM"] as const).map((name) =>
      process.listenerCount(name),
    );
    for (let round = 0; round < 15; round++) {
      const { system, b, clock } = await threeBelow({});
      b.tell("crash", "planned");
      await clock.advance(100);
      await system.stop("the end", 1_000);
    }

    const after = (["exit", "SIGINT", "SIGTERM"] as const).map((name) =>
      process.listenerCount(name),
    );
    expect(after).toEqual(before);
  });

  test("refuses new children", async () => {
    const { system } = await setUp();
    const root: Supervisor = system.root;
    await system.stop("the end", 1_000);

    await expect(root.spawn(counterSpec("late"))).rejects.toMatchObject({ code: "actor-stopped" });
  });
});

describe("a start that is cut off", () => {
  const turns = Array.from({ length: 12 }, (_, at) => at);
  const turnsOfPromises = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) await Promise.resolve();
  };

  test.each([
    ["after", turns.map((late) => [0, late] as const)],
    ["before", turns.map((early) => [early, 0] as const)],
  ])("ends what it opened when it succeeds just %s that", async (_, gaps) => {
    const { system } = await setUp();
    const lives = { opened: 0, closed: 0 };
    let succeed = (): void => {};
    const create = () =>
      Object.assign(new Counter(), {
        start: async () => {
          await new Promise<void>((resolve) => (succeed = resolve));
          lives.opened++;
        },
        stop: () => void lives.closed++,
      });
    for (const [early, late] of gaps) {
      const spawned = system.root.spawn<CounterProtocol>({ ...counterSpec("late"), create });
      spawned.catch(() => {});
      await settle();
      if (early > 0) succeed();
      await turnsOfPromises(early);
      const removed = system.root.remove("late", "not needed");
      await turnsOfPromises(late);
      succeed();
      await removed;
      await settle();
    }

    expect(lives).toEqual({ opened: turns.length, closed: turns.length });
  });
});
