import { describe, expect, test } from "vitest";
import { StepWatch } from "../../src/runtime/step-watch.ts";
import { ManualClock } from "../kit/manual-clock.ts";

function setUp() {
  const clock = new ManualClock();
  const told: string[] = [];
  const watch = new StepWatch(clock, clock);
  const cancel = watch.onStep((byMs) => told.push(`${byMs} at ${clock.monotonicMs()}`));
  watch.start();
  return { clock, told, watch, cancel };
}

describe("a watch for steps of the clock", () => {
  test.each([3_600_000, -3_600_000, 501, -501])(
    "tells of one by %d ms within 5 s, once",
    async (byMs) => {
      const { clock, told } = setUp();
      await clock.advance(6_000);
      clock.step(byMs);
      await clock.advance(60_000);

      expect(told).toEqual([`${byMs} at 10000`]);
    },
  );

  test("takes what a time service does little by little for no step", async () => {
    const { clock, told } = setUp();
    for (let n = 0; n < 100; n++) {
      clock.step(20);
      await clock.advance(5_000);
    }

    expect(told).toEqual([]);
  });

  test("tells of a process that stood still, though both clocks went on", async () => {
    const { clock, told } = setUp();
    await clock.advance(5_000);
    clock.freeze(20_000);
    await clock.advance(0);

    expect(told).toEqual(["0 at 25000"]);
  });

  test("tells nobody who no longer listens, and nothing once it is stopped", async () => {
    const { clock, told, watch, cancel } = setUp();
    cancel();
    clock.step(5_000);
    await clock.advance(5_000);
    watch.stop();

    expect([told, clock.pending]).toEqual([[], 0]);
  });
});
