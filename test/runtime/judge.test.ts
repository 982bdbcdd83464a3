import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs, cleanLedger, judge, type Ledger } from "../../src/runtime/judge.ts";
import { affectedBy } from "../../src/runtime/strategy.ts";

const backoff = { minMs: 100, maxMs: 1_000, factor: 2, jitterFraction: 0 };
const intensity = { maxRestarts: 3, withinMs: 5_000 };

const backoffs = fc.record({
  minMs: fc.nat(10_000),
  maxMs: fc.integer({ min: 10_000, max: 600_000 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  jitterFraction: fc.double({ min: 0, max: 1, noNaN: true }),
});
const randomness = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The verdicts on a row of failures at these instants. */
function verdicts(instants: readonly number[], upForMs = 0): (number | "beyond")[] {
  let ledger: Ledger = cleanLedger;
  return instants.map((atMs) => {
    const verdict = judge(ledger, { atMs, upForMs }, intensity, backoff, 0.5);
    if (verdict.kind === "beyond") return "beyond";
    ledger = verdict.ledger;
    return verdict.waitMs;
  });
}

describe("a judgement", () => {
  test("waits longer each time and gives up at one failure too many", () => {
    expect(verdicts([0, 200, 500, 1_000])).toEqual([100, 200, 400, "beyond"]);
  });

  test("forgets restarts older than the window", () => {
    expect(verdicts([0, 200, 500, 5_200])).toEqual([100, 200, 400, 800]);
  });

  test("begins with a short wait again after a whole window up", () => {
    expect(verdicts([0, 10_000, 20_000], 5_000)).toEqual([100, 100, 100]);
  });

  test("never grants more than the limit in any window", () => {
    const gaps = fc.array(fc.nat(4_000), { maxLength: 60 });
    const limits = fc.record({
      maxRestarts: fc.nat(8),
      withinMs: fc.integer({ min: 1, max: 20_000 }),
    });
    fc.assert(
      fc.property(gaps, limits, backoffs, randomness, (waits, limit, waiting, random) => {
        let ledger: Ledger = cleanLedger;
        let atMs = 0;
        const granted: number[] = [];
        for (const wait of waits) {
          atMs += wait;
          const verdict = judge(ledger, { atMs, upForMs: wait }, limit, waiting, random);
          if (verdict.kind === "beyond") continue;
          ledger = verdict.ledger;
          granted.push(atMs);
        }
        for (const start of granted) {
          const inWindow = granted.filter((at) => at >= start && at < start + limit.withinMs);
          expect(inWindow.length).toBeLessThanOrEqual(limit.maxRestarts);
        }
      }),
    );
  });

  test("keeps the wait inside its bounds", () => {
    fc.assert(
      fc.property(backoffs, fc.nat(10_000), randomness, (spec, streak, random) => {
        const waitMs = backoffMs(spec, streak, random);
        expect(waitMs).toBeGreaterThanOrEqual(spec.minMs * (1 - spec.jitterFraction) - 1e-6);
        expect(waitMs).toBeLessThanOrEqual(spec.maxMs * (1 + spec.jitterFraction) + 1e-6);
      }),
    );
  });

  test("never waits less after more failures when nothing is random", () => {
    fc.assert(
      fc.property(backoffs, fc.nat(200), (spec, streak) => {
        expect(backoffMs(spec, streak + 1, 0.5)).toBeGreaterThanOrEqual(
          backoffMs(spec, streak, 0.5),
        );
      }),
    );
  });
});

describe("a strategy", () => {
  test("says who goes down with a failed child", () => {
    const children = ["a", "b", "c", "d"];

    expect(affectedBy("one_for_one", children, "b")).toEqual([]);
    expect(affectedBy("one_for_all", children, "b")).toEqual(["a", "c", "d"]);
    expect(affectedBy("rest_for_one", children, "b")).toEqual(["c", "d"]);
    expect(affectedBy("rest_for_one", children, "x")).toEqual([]);
  });
});
