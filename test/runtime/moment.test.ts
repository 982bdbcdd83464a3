import { expect, test } from "vitest";
import { Moment } from "../../src/runtime/moment.ts";
import { ManualClock } from "../kit/manual-clock.ts";

test("a moment grows no younger when the wall clock is set back", async () => {
  const clock = new ManualClock();
  const moment = new Moment(clock);
  await clock.advance(2_000);
  clock.step(-86_400_000);

  expect(moment.ageMs).toBe(2_000);
});

test("a moment grows older while the machine sleeps", async () => {
  const clock = new ManualClock();
  const moment = new Moment(clock);
  await clock.advance(2_000);
  clock.step(28_800_000);

  expect(moment.ageMs).toBe(28_802_000);
});
