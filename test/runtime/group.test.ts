import { describe, expect, test } from "vitest";
import type { Intensity, LocalSpec } from "../../src/runtime/spec.ts";
import { settle } from "../kit/manual-clock.ts";
import {
  Counter,
  type CounterProtocol,
  counterSpec,
  logged,
  setUp,
  threeBelow,
} from "./support.ts";

const DAY_MS = 86_400_000;
const tolerant = { maxRestarts: 20, withinMs: 60_000 };

/** A world in which the younger one does not start before the elder has answered it. */
async function elderAndYounger(
  strategy: "rest_for_one" | "one_for_all" = "rest_for_one",
  intensity: Intensity = tolerant,
  beyond: "park" | "escalate" = "park",
) {
  const world = await setUp({ strategy, intensity, beyond });
  const log: string[] = [];
  const elder = await world.system.root.spawn(logged("elder", log));
  const younger: LocalSpec<CounterProtocol> = {
    ...counterSpec("younger"),
    startTimeoutMs: DAY_MS,
    create: () =>
      Object.assign(new Counter(), {
        start: async () => {
          log.push("start younger");
          // Lets the elder fail in between, as any I/O would.
          await world.clock.sleep(10);
          await elder.ask("read", null, { timeoutMs: DAY_MS });
        },
      }),
  };
  const states = (): string[] => world.system.tree().children.map(({ state }) => state);
  return { ...world, log, elder, younger, states };
}

describe("a group", () => {
  test.each(["rest_for_one", "one_for_all"] as const)(
    "(%s) repairs an elder that fails again while a younger one's start waits for it",
    async (strategy) => {
      const { clock, system, elder, younger, log, states } = await elderAndYounger(strategy);
      const spawned = system.root.spawn(younger);
      await clock.advance(10);
      await spawned;
      log.length = 0;
      elder.tell("crash", "once");
      await clock.advance(100);
      elder.tell("crash", "twice, while the younger one starts");
      await clock.advance(1_000);

      expect(states()).toEqual(["up", "up"]);
      const again = ["stop elder", "start elder", "start younger"];
      expect(log).toEqual([...again, ...again]);
      expect(system.tree().children.map(({ restarts }) => restarts)).toEqual([2, 2]);
    },
  );

  test("repairs an elder that fails during a younger one's first start, which is then made anew", async () => {
    const { clock, system, elder, younger, states } = await elderAndYounger();
    const spawned = system.root.spawn(younger);
    await settle();
    elder.tell("crash", "during the first start");
    await clock.advance(1_000);

    expect(states()).toEqual(["up", "up"]);
    expect((await spawned).id).toBe("younger");
  });

  test("counts each crash of an elder, also those that end a younger one's start", async () => {
    const world = await elderAndYounger("rest_for_one", { maxRestarts: 2, withinMs: 60_000 });
    const { clock, system, elder, younger, kinds, states } = world;
    const spawned = system.root.spawn(younger).catch((error: unknown) => error);
    for (const why of ["once", "twice", "once too often"]) {
      await settle();
      elder.tell("crash", why);
      // The back-off, and no more than half of the younger one's start.
      await clock.advance(why === "once" ? 105 : 205);
    }

    expect(kinds().filter((kind) => kind === "restarting elder")).toHaveLength(2);
    expect(states()).toEqual(["parked"]);
    expect(await spawned).toMatchObject({ cause: { code: "actor-stopped" } });
  });

  test("repairs an elder at once while a younger one waits out a longer back-off", async () => {
    const { clock, b, a, system } = await threeBelow({ strategy: "rest_for_one" });
    for (const waitMs of [100, 200, 100]) {
      b.tell("crash", "planned");
      await clock.advance(waitMs);
    }
    a.tell("crash", "meanwhile");
    const states = (): string[] => system.tree().children.map(({ state }) => state);
    await settle();
    expect(states()).toEqual(["backoff", "backoff", "backoff"]);
    await clock.advance(100);
    expect(states()).toEqual(["up", "backoff", "backoff"]);
    await clock.advance(200);

    expect(states()).toEqual(["up", "up", "up"]);
  });

  test("refuses whoever still waits for a start when it gives up", async () => {
    const intensity = { maxRestarts: 0, withinMs: 60_000 };
    const world = await elderAndYounger("rest_for_one", intensity, "escalate");
    const { system, elder, younger, escalations } = world;
    void system.root.spawn(younger).catch(() => {});
    const youngest = system.root.spawn(counterSpec("youngest"));
    await settle();
    elder.tell("crash", "for good");

    await expect(youngest).rejects.toMatchObject({
      code: "start-failed",
      cause: { code: "escalated" },
    });
    expect(escalations).toHaveLength(1);
  });

  test("starts nobody who still waits for a turn when it is stopped", async () => {
    const { system, younger, log } = await elderAndYounger();
    const spawned = [system.root.spawn(younger), system.root.spawn(logged("youngest", log))];
    const outcomes = Promise.allSettled(spawned);
    await settle();
    log.length = 0;
    await system.root.stop("the end");
    await settle();

    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(log).toEqual(["stop elder"]);
  });
});
