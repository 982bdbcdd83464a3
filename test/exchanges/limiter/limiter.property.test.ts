import fc from "fast-check";
import { expect, test } from "vitest";
import { createLimiter } from "../../../src/exchanges/limiter/limiter.ts";
import { PRIORITY, type Priority } from "../../../src/exchanges/port.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const WINDOW_MS = 1_000;
const BUDGET = 20;

interface Planned {
  /** Wait before it is asked for, ms. */
  readonly afterMs: number;
  readonly weight: number;
  readonly priority: Priority;
  readonly takesMs: number;
}

const planned: fc.Arbitrary<Planned> = fc.record({
  afterMs: fc.constantFrom(0, 0, 0, 1, 50, 400, 1_300),
  weight: fc.integer({ min: 1, max: BUDGET }),
  priority: fc.constantFrom(...Object.values(PRIORITY)),
  takesMs: fc.constantFrom(0, 5, 120, 900),
});

interface Seen extends Planned {
  readonly askedAt: number;
  startedAt?: number;
  endedAt?: number;
}

/** Plays a plan to its end and tells when each call was asked for, began and ended. */
async function play(plan: readonly Planned[], spacingMs = 0): Promise<Seen[]> {
  const clock = new ManualClock();
  const limiter = createLimiter(
    { exchange: "binance", clock, random: () => 0 },
    { budget: BUDGET, windowMs: WINDOW_MS, spacingMs, maxInFlight: 3, maxWaitMs: 1e9 },
  );
  const seen: Seen[] = [];
  const calls: Promise<void>[] = [];
  for (const call of plan) {
    if (call.afterMs > 0) await clock.advance(call.afterMs);
    const entry: Seen = { ...call, askedAt: clock.monotonicMs() };
    seen.push(entry);
    const work = async (): Promise<void> => {
      entry.startedAt = clock.monotonicMs();
      if (call.takesMs > 0) await clock.sleep(call.takesMs);
      entry.endedAt = clock.monotonicMs();
    };
    calls.push(limiter.run({ weight: call.weight, priority: call.priority }, work));
  }
  await clock.advance((plan.length + 1) * 4 * WINDOW_MS);
  await Promise.all(calls);
  return seen;
}

const plans = fc.array(planned, { minLength: 1, maxLength: 25 });

test("never more than the budget arrives in any window, wherever a call arrives between start and end", async () => {
  await fc.assert(
    fc.asyncProperty(
      plans,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      async (plan, draws) => {
        const arrivals = (await play(plan)).map(({ startedAt = 0, endedAt = 0, weight }) => ({
          at: startedAt + (endedAt - startedAt) * (draws.next().value as number),
          weight,
        }));
        for (const { at: from } of arrivals) {
          const inside = arrivals.filter(({ at }) => at >= from && at < from + WINDOW_MS);
          expect(inside.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(BUDGET);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("nobody waits for ever", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const seen = await play(plan);
      expect(seen.every(({ endedAt }) => endedAt !== undefined)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("nobody is overtaken by the less urgent, nor by an equal who came later", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const seen = await play(plan);
      seen.forEach((call, i) => {
        const worse = seen.filter(
          (other, k) =>
            other.startedAt! > call.askedAt &&
            (other.priority > call.priority || (other.priority === call.priority && k > i)),
        );
        for (const other of worse) expect(other.startedAt).toBeGreaterThanOrEqual(call.startedAt!);
      });
    }),
    { numRuns: 60 },
  );
});

test("starts keep their distance when a venue wants it", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const light = plan.map((call) => ({ ...call, weight: 1 }));
      const starts = (await play(light, 130)).map(({ startedAt = 0 }) => startedAt);
      starts.sort((a, b) => a - b);
      const gaps = starts.slice(1).map((at, i) => at - starts[i]!);
      expect(gaps.every((gap) => gap >= 130)).toBe(true);
    }),
    { numRuns: 40 },
  );
});
