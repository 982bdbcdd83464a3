import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SupervisorSpec } from "../../src/runtime/spec.ts";
import { settle } from "../kit/manual-clock.ts";
import { Family, STOP_LIMIT_MS, type Step } from "./family.ts";

/** Longer than all back-offs that the intensity allows, and far shorter than the limit of a start. */
const LONG_MS = 120_000;

const natures = fc.array(
  fc.record({
    startMs: fc.constantFrom(0, 20, 150),
    asksItsElders: fc.constantFrom(true, true, false),
    stopMs: fc.constantFrom(0, 0, 30, 10_000),
  }),
  { minLength: 2, maxLength: 4 },
);

const kind = <K extends string>(...kinds: [K, ...K[]]) => fc.constantFrom<K>(...kinds);
const at = fc.constantFrom(0, 0, 1, 2, 3);
const happenings: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: kind("crash"), at }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: kind("time"), count: fc.integer({ min: 1, max: 200 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind("spawn") }) },
  { weight: 3, arbitrary: fc.record({ kind: kind("turns", "promises"), count: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ kind: kind("break", "mend", "unpark"), at }) },
  { weight: 1, arbitrary: fc.record({ kind: kind("remove"), at }) },
);
const lives = fc.array(happenings, { minLength: 5, maxLength: 40 });
const roots: fc.Arbitrary<Partial<SupervisorSpec>> = fc.record({
  strategy: fc.constantFrom("one_for_one", "one_for_all", "rest_for_one"),
  beyond: fc.constantFrom("park", "escalate"),
  intensity: fc.record({
    maxRestarts: fc.integer({ min: 1, max: 20 }),
    withinMs: fc.constant(3_000),
  }),
});

/** Lets a family go through each of many lives. */
async function inAllLives(
  check: (family: Family, steps: Step[], root: Partial<SupervisorSpec>) => Promise<void>,
) {
  const property = fc.asyncProperty(roots, natures, lives, async (root, members, steps) => {
    const family = await Family.below(root, members);
    await check(family, steps, root);
    void family.world.system.stop("checked", 0);
  });
  await fc.assert(property, { numRuns: 500 });
}

/** Nothing fails from here on, and time passes. */
async function calmDown({ members, world }: Family): Promise<void> {
  for (const member of members) member.isBroken = false;
  await world.clock.advance(LONG_MS);
}

describe("a family of actors, whatever fails whenever", () => {
  test("comes to rest once nothing fails any more: each is up or parked, or all is given up", () =>
    inAllLives(async (family, steps) => {
      await family.live(steps);
      await calmDown(family);

      expect(family.pending()).toEqual([]);
      if (family.world.escalations.length > 0) return;
      const states = family.states();
      expect(states.filter((state) => state !== "up" && state !== "parked")).toEqual([]);
      expect(family.open).toBe(states.filter((state) => state === "up").length);
      expect(family.world.clock.pending).toBe(0);
    }));

  test("has every crash judged", () =>
    inAllLives(async (family, steps) => {
      await family.live(steps);
      await calmDown(family);

      const { events, escalations } = family.world;
      if (escalations.length > 0) return;
      for (const { id, crashes } of family.members) {
        const verdicts = events.filter(
          (event) => event.actor === id && (event.kind === "restarting" || event.kind === "parked"),
        );
        expect(verdicts.length).toBeGreaterThanOrEqual(crashes);
      }
    }));

  test("starts nobody while one before it is down, and all that go down together in their order", () =>
    inAllLives(async (family, steps, { strategy }) => {
      fc.pre(strategy !== "one_for_one");
      await family.live(steps.filter((step) => step.kind !== "unpark"));
      await calmDown(family);

      expect(family.early).toEqual([]);
      if (family.world.escalations.length > 0) return;
      const up = family.world.system.tree().children.filter(({ state }) => state === "up");
      const lastStarts = up.map(({ id }) => family.starts.lastIndexOf(id));
      expect(lastStarts).toEqual(lastStarts.toSorted((a, b) => a - b));
    }));

  test("is stopped at any moment within its members' limits, and leaves nothing behind", () =>
    inAllLives(async (family, steps) => {
      const { clock, system } = family.world;
      await family.live(steps);
      let isStopped = false;
      void system.root.stop("the end").then(() => (isStopped = true));
      await settle();
      const starts = family.starts.length;
      await clock.advance(family.members.length * STOP_LIMIT_MS);

      expect(isStopped).toBe(true);
      expect(system.tree().children).toEqual([]);
      expect(family.pending()).toEqual([]);
      // What a start that was cut off still does comes to nothing.
      await clock.advance(LONG_MS);
      expect(family.starts.length).toBe(starts);
      expect(family.open).toBe(0);
      expect(clock.pending).toBe(0);
    }));
});
