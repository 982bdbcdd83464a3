import { describe, expect, test } from "vitest";
import { ServerClock } from "../../src/exchanges/server-clock.ts";
import { NOON } from "../kit/builders.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const HOUR = 3_600_000;

/** An exchange whose clock is ahead of ours by so much, and was measured. */
async function measured(aheadMs: number) {
  const clock = new ManualClock(NOON);
  const server = new ServerClock(clock);
  let venueAheadMs = aheadMs;
  const start = clock.monotonicMs();
  const venue = async (): Promise<number> => NOON + clock.monotonicMs() - start + venueAheadMs;
  const measure = async (): Promise<number> => server.adopt([await server.compare(venue)]);
  await measure();
  return { clock, server, measure, setVenue: (ms: number) => (venueAheadMs = ms) };
}

describe("the clock of an exchange", () => {
  test("is ours until it was measured, with its steps", () => {
    const clock = new ManualClock(NOON);
    const server = new ServerClock(clock);
    clock.step(HOUR);

    expect([server.nowMs(), server.ownNowMs()]).toEqual([NOON + HOUR, NOON + HOUR]);
    expect(server.offset()).toBeUndefined();
  });

  test.each([HOUR, -HOUR])(
    "goes on as before when ours is set by %d ms, and is so much apart",
    async (byMs) => {
      const { clock, server } = await measured(300);
      await clock.advance(1_000);
      clock.step(byMs);
      await clock.advance(1_000);

      expect(server.nowMs()).toBe(NOON + 2_300);
      expect(server.offset()).toEqual({ offsetMs: 300 - byMs, ageMs: 2_000 });
    },
  );

  test("is measured rightly though ours is set between question and answer", async () => {
    const { clock, server } = await measured(0);
    const reading = await server.compare(async () => {
      await clock.advance(100);
      clock.step(-HOUR);
      await clock.advance(100);
      return NOON + 100;
    });

    expect(server.adopt([reading])).toBe(HOUR);
    expect(server.nowMs()).toBe(NOON + 200);
  });

  test("proves nothing by a step of ours until the two agree", async () => {
    const { clock, server, measure, setVenue } = await measured(0);
    clock.step(HOUR);
    await measure();
    expect(server.ownNowMs()).toBe(NOON);

    setVenue(HOUR);
    await measure();
    expect(server.ownNowMs()).toBe(NOON + HOUR);
  });

  test("stays as it was when there was no reading", async () => {
    const { server } = await measured(300);

    expect([server.adopt([]), server.nowMs()]).toEqual([300, NOON + 300]);
  });
});
