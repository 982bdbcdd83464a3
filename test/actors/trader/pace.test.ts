import { expect, test } from "vitest";
import { Pace } from "../../../src/actors/trader/pace.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

test("a cadence goes on when the clock is set back, by its next beat of the machine", async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, clock, 60_000);
  pace.done(clock.nowMs());
  clock.step(-172_800_000);
  await clock.advance(1_000);

  expect(pace.due()).toBe(clock.nowMs());
  pace.done(clock.nowMs());
  await clock.advance(59_999);
  expect(pace.due()).toBeUndefined();
  await clock.advance(1);
  expect(pace.due()).toBe(clock.nowMs());
});
