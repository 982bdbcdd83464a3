import { describe, expect, test } from "vitest";
import type { LocalSpec } from "../../src/runtime/spec.ts";
import { nextTurn, settle } from "../kit/manual-clock.ts";
import { Counter, type CounterProtocol, counterSpec, setUp, threeBelow } from "./support.ts";

/** A child that fails each start while `isBroken()`, and counts those of its lives that are open. */
function fragile(
  isBroken: () => boolean,
  lives: { open: number; most: number; starts: number },
): LocalSpec<CounterProtocol> {
  return {
    ...counterSpec("fragile"),
    create: () =>
      Object.assign(new Counter(), {
        start: async () => {
          lives.starts++;
          lives.most = Math.max(lives.most, ++lives.open);
          await nextTurn();
          if (!isBroken()) return;
          lives.open--;
          throw new Error("the database is down");
        },
        stop: () => void lives.open--,
      }),
  };
}

describe("a supervisor", () => {
  test("restarts nobody but the failed child, one for one", async () => {
    const { log, b, clock } = await threeBelow({ strategy: "one_for_one" });
    b.tell("crash", "planned");
    await clock.advance(100);

    expect(log).toEqual(["stop b", "start b"]);
  });

  test("restarts everybody, one for all", async () => {
    const { log, b, clock } = await threeBelow({ strategy: "one_for_all" });
    b.tell("crash", "planned");
    await clock.advance(100);

    expect(log).toEqual(["stop b", "stop c", "stop a", "start a", "start b", "start c"]);
  });

  test("restarts those started after the failed child, rest for one", async () => {
    const { log, a, b, clock } = await threeBelow({ strategy: "rest_for_one" });
    await a.ask("add", 1);
    b.tell("crash", "planned");
    await clock.advance(100);

    expect(log).toEqual(["stop b", "stop c", "start b", "start c"]);
    expect(await a.ask("read", null)).toBe(1);
  });

  test("keeps what waits for a sibling that it takes down", async () => {
    const { b, c, clock } = await threeBelow({ strategy: "rest_for_one" });
    b.tell("crash", "planned");
    await settle();
    c.tell("add", 4);
    await clock.advance(100);

    expect(await c.ask("read", null)).toBe(4);
  });

  test("waits longer each time, then parks the child, and its siblings never notice", async () => {
    const { log, b, events, clock, system } = await threeBelow({});
    for (let crash = 0; crash < 4; crash++) {
      b.tell("crash", "planned");
      await clock.advance(1_000);
    }

    const waits = events.flatMap((event) => (event.kind === "restarting" ? [event.waitMs] : []));
    expect(waits).toEqual([100, 200, 400]);
    expect(system.tree().children.map(({ state }) => state)).toEqual(["up", "parked", "up"]);
    expect(log.some((line) => !line.endsWith("b"))).toBe(false);
    await expect(b.ask("read", null)).rejects.toMatchObject({ code: "actor-stopped" });
  });

  test("starts a parked child anew, its restarts forgiven", async () => {
    const { b, clock, system } = await threeBelow({ intensity: { maxRestarts: 0, withinMs: 1 } });
    b.tell("crash", "planned");
    await settle();
    expect(system.tree().children[1]?.state).toBe("parked");

    await system.root.unpark("b");

    expect(await b.ask("add", 2)).toBe(2);
    expect(clock.pending).toBe(0);
  });

  test("parks again a child that fails again at once", async () => {
    const lives = { open: 0, most: 0, starts: 0 };
    let isBroken = false;
    const { system } = await setUp({ intensity: { maxRestarts: 0, withinMs: 1 } });
    const ref = await system.root.spawn(fragile(() => isBroken, lives));
    isBroken = true;
    ref.tell("crash", "planned");
    await settle();

    await expect(system.root.unpark("fragile")).rejects.toThrow("the database is down");
    expect(system.tree().children[0]?.state).toBe("parked");
  });

  test("counts failing starts as restarts and never has two lives of one child", async () => {
    const lives = { open: 0, most: 0, starts: 0 };
    let isBroken = false;
    const { system, clock } = await setUp({ intensity: { maxRestarts: 5, withinMs: 60_000 } });
    const ref = await system.root.spawn(fragile(() => isBroken, lives));
    isBroken = true;
    ref.tell("crash", "planned");
    await clock.advance(39_000);

    expect(lives).toEqual({ open: 0, most: 1, starts: 6 });
    expect(system.tree().children[0]).toMatchObject({ state: "parked", restarts: 5 });
  });

  test("recovers when the cause of failing starts goes away", async () => {
    const lives = { open: 0, most: 0, starts: 0 };
    let isBroken = false;
    const { system, clock } = await setUp();
    const ref = await system.root.spawn(fragile(() => isBroken, lives));
    isBroken = true;
    ref.tell("crash", "planned");
    await clock.advance(300);
    isBroken = false;
    await clock.advance(400);

    expect(await ref.ask("add", 1)).toBe(1);
    expect(lives).toMatchObject({ open: 1, most: 1 });
  });

  test("takes a group down again when one of it fails to start", async () => {
    const { system, clock, log, a } = await threeBelow({ strategy: "one_for_all" });
    const lives = { open: 0, most: 0, starts: 0 };
    let isBroken = false;
    await system.root.spawn(fragile(() => isBroken, lives));
    isBroken = true;
    a.tell("crash", "planned");
    await clock.advance(100);
    isBroken = false;
    await clock.advance(100);

    const starts = ["start a", "start b", "start c"];
    const stops = ["stop c", "stop b", "stop a"];
    expect(log).toEqual(["stop a", "stop c", "stop b", ...starts, ...stops, ...starts]);
    expect(system.tree().children.map(({ state }) => state)).toEqual(["up", "up", "up", "up"]);
    expect(lives).toMatchObject({ open: 1, most: 1 });
  });

  test("leaves a parked sibling parked when it restarts a group", async () => {
    const { system, clock, a, c } = await threeBelow({ strategy: "rest_for_one" });
    const spec = { ...counterSpec("touchy"), intensity: { maxRestarts: 0, withinMs: 1 } };
    const touchy = await system.root.spawn(spec);
    touchy.tell("crash", "planned");
    await settle();
    a.tell("crash", "planned");
    await clock.advance(100);

    expect(system.tree().children.map(({ state }) => state)).toEqual(["up", "up", "up", "parked"]);
    expect(await c.ask("read", null)).toBe(0);
  });

  test("follows the child's own intensity before its own", async () => {
    const { system, events } = await setUp();
    const intensity = { maxRestarts: 0, withinMs: 1_000 };
    const ref = await system.root.spawn({ ...counterSpec("touchy"), intensity });
    ref.tell("crash", "planned");
    await settle();

    expect(events.map(({ kind }) => kind)).toEqual(["started", "parked"]);
  });

  test("forgets a child whose first start fails, and says why", async () => {
    const { system } = await setUp();
    const lives = { open: 0, most: 0, starts: 0 };
    const spawned = system.root.spawn(fragile(() => true, lives));

    await expect(spawned).rejects.toMatchObject({
      code: "start-failed",
      cause: { message: "the database is down" },
    });
    expect(system.root.has("fragile")).toBe(false);
    expect(lives.starts).toBe(1);
  });

  test("cuts off a start that takes too long", async () => {
    const { system, clock } = await setUp();
    const create = () => Object.assign(new Counter(), { start: () => new Promise<void>(() => {}) });
    const spec = { ...counterSpec("slow"), startTimeoutMs: 1_000, create };
    const spawned = system.root.spawn<CounterProtocol>(spec).catch((error: unknown) => error);
    await clock.advance(1_000);

    expect(await spawned).toMatchObject({ code: "start-failed", cause: { code: "time-limit" } });
  });

  test("never restarts a temporary child", async () => {
    const { system, kinds } = await setUp();
    const ref = await system.root.spawn({ ...counterSpec("brief"), restart: "temporary" });
    ref.tell("crash", "planned");
    await settle();

    expect(kinds()).toEqual(["started brief", "stopped brief"]);
    expect(system.root.has("brief")).toBe(false);
  });

  test("refuses a second child of the same name", async () => {
    const { system } = await setUp();
    await system.root.spawn(counterSpec("twin"));

    await expect(system.root.spawn(counterSpec("twin"))).rejects.toMatchObject({
      code: "duplicate-actor",
    });
  });
});
