import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LeaseKeeper } from "../../src/store/lease-keeper.ts";
import { FakeLeaseStore } from "../kit/fake-lease-store.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const TTL_MS = 3_000;
const STEP_MS = 100;

type Mood = FakeLeaseStore["mood"];
interface Act {
  readonly hub: number;
  readonly what: Mood | "freeze" | "thaw";
  /** How long everything goes on afterwards, steps. */
  readonly steps: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  hub: fc.nat({ max: 2 }),
  what: fc.constantFrom<Act["what"]>("ok", "down", "silent", "deaf", "freeze", "thaw"),
  steps: fc.nat({ max: 40 }),
});

/** A process with a way to the database: either may stop working while time goes on. */
class Hub {
  readonly clock = new ManualClock();
  readonly store: FakeLeaseStore;
  readonly keeper: LeaseKeeper;
  isFrozen = false;

  constructor(store: FakeLeaseStore) {
    this.store = store;
    this.keeper = new LeaseKeeper({
      leases: store,
      machineClock: this.clock,
      random: () => 0.5,
      holder: randomUUID(),
      instance: "a hub",
      ttlMs: TTL_MS,
      takesOver: false,
      predecessor: undefined,
      publish: () => {},
    });
    void this.keeper.want("trader");
  }

  /** Seen by the world: a frozen process does nothing, whatever it believes. */
  get acts(): boolean {
    return !this.isFrozen && this.keeper.fence("trader") !== undefined;
  }

  async pass(ms: number): Promise<void> {
    if (this.isFrozen) this.clock.freeze(ms);
    else await this.clock.advance(ms);
  }
}

test("of three hubs never two act for one lease, and one does once all is well", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const databaseClock = new ManualClock();
      const database = new FakeLeaseStore(databaseClock);
      const hubs = [1, 2, 3].map(() => new Hub(database.beside()));
      const acting = () => hubs.filter((hub) => hub.acts).length;
      const pass = async (steps: number): Promise<void> => {
        for (let step = 0; step < steps; step += 1) {
          await databaseClock.advance(STEP_MS);
          for (const hub of hubs) await hub.pass(STEP_MS);
          expect(acting()).toBeLessThanOrEqual(1);
        }
      };

      for (const { hub: index, what, steps } of acts) {
        const hub = hubs[index];
        if (hub === undefined) continue;
        if (what === "freeze" || what === "thaw") hub.isFrozen = what === "freeze";
        else hub.store.mood = what;
        expect(acting()).toBeLessThanOrEqual(1);
        await pass(steps);
      }
      for (const hub of hubs) {
        hub.isFrozen = false;
        hub.store.mood = "ok";
      }
      await pass((2 * TTL_MS) / STEP_MS);

      expect(acting()).toBe(1);
    }),
    { numRuns: 40 },
  );
}, 120_000);
