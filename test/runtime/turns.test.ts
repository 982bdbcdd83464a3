import { describe, expect, test } from "vitest";
import { Turns } from "../../src/runtime/turns.ts";

function setUp() {
  let now = 0;
  const turns = new Turns({ monotonicMs: () => now });
  /** How many jobs are done in this turn when each takes so long. */
  const done = (jobMs: number): number => {
    let jobs = 0;
    for (; turns.spend(); jobs += 1) now += jobMs;
    return jobs;
  };
  return { turns, done };
}

describe("a turn of the event loop", () => {
  test("ends after so many small messages", () => {
    expect(setUp().done(0)).toBe(1_024);
  });

  test("ends after a few ms of large ones, so that a request is not kept waiting", () => {
    const { turns, done } = setUp();
    expect(done(1)).toBeLessThanOrEqual(16);
    expect(turns.spend()).toBe(false);
  });

  test("begins anew once timers and I/O had theirs", async () => {
    const { turns, done } = setUp();
    done(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(turns.spend()).toBe(true);
  });
});
